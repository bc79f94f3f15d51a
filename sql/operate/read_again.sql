-- Has a stream read again from its beginning: psql -v stream_id=ID -f sql/operate/read_again.sql
--
-- For an operator who wants records decoded anew. Workers may go on running: the new epoch fences
-- whoever holds the stream, and waits for a batch that is being committed. In one transaction the
-- rows go with the ledger, so nothing is counted twice. seq goes on, because (stream_id, seq) names
-- a batch for good. What retention took in the meantime will be counted as lost.
BEGIN;
UPDATE evidence.stream
SET epoch = epoch + 1, owner_pid = NULL, owner_start = NULL, owner_name = NULL,
    next_offset = NULL, first_offset = NULL, tail_offset = NULL, tail_sha256 = NULL,
    tail_time = NULL, tail_time_offset = NULL, tail_verified = NULL, max_event_time = NULL, records = 0, stored = 0, condensed = 0,
    empty = 0, tombstones = 0, quarantined = 0, holes = 0, lost = 0, events = 0, untimed = 0
WHERE stream_id = :stream_id;
WITH lines AS (
    DELETE FROM ingest.log WHERE stream_id = :stream_id
    RETURNING stream_id, scope, service, 'log' AS kind, severity, event_time, format, time_source
), events AS (
    DELETE FROM ingest.event WHERE stream_id = :stream_id
    RETURNING stream_id, scope, service, CASE WHEN record_kind IN ('manifest', 'person') THEN record_kind ELSE kind END AS kind, severity,
              event_time, format, time_source
)
INSERT INTO evidence.delta (stream_id, scope, service, kind, severity, minute, format, time_source, events)
SELECT stream_id, scope, coalesce(service, ''), kind, severity,
       date_bin('1 minute', CASE WHEN event_time > '-infinity' THEN event_time END, '1970-01-01 00:00+00'),
       format, time_source, -count(*)
FROM (SELECT * FROM lines UNION ALL SELECT * FROM events) gone GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
-- Of the stream nothing is left counted, records in quarantine and what retention removed included.
INSERT INTO evidence.delta (stream_id, service, kind, severity, format, time_source, events)
SELECT stream_id, '', kind, 0, format, time_source, -sum(events)
FROM (SELECT stream_id, kind, format, time_source, events FROM evidence.reading
      UNION ALL SELECT stream_id, kind, format, time_source, events FROM evidence.delta) counted
WHERE stream_id = :stream_id GROUP BY 1, 3, 5, 6 HAVING sum(events) <> 0;
DELETE FROM evidence.quarantine WHERE stream_id = :stream_id;
DELETE FROM evidence.segment WHERE stream_id = :stream_id;
DELETE FROM evidence.source_gap WHERE stream_id = :stream_id;
DELETE FROM evidence.batch WHERE stream_id = :stream_id;
-- What is kept of the groups of any scope may be made of these records.
UPDATE correlate.group_scope SET (config_digest, rewritten) = (NULL, rewritten + 1);
-- Scopes whose events go and do not come again have to look as well: a batch that says nothing of
-- scopes is for everybody.
UPDATE evidence.stream SET seq = seq + 1 WHERE stream_id = :stream_id;
INSERT INTO evidence.batch (stream_id, seq, kind, first_offset, next_offset, records, events,
                            decoder_version, scopes)
SELECT stream_id, seq, 'gap', 0, 0, 0, 0, 0, NULL FROM evidence.stream WHERE stream_id = :stream_id;
COMMIT;
