-- Records that nobody tells a time of are kept apart: their time is -infinity, their time_source none.
-- They are counted, found by SQL, and in no timeline. And where a record lies in the file it came from.

SET LOCAL ROLE hindcast_owner;

-- ------------------------------------------------------------------ where it lies

ALTER TABLE ingest.log ADD COLUMN file text, ADD COLUMN line bigint;
ALTER TABLE ingest.log_kept ADD COLUMN file text, ADD COLUMN line bigint;
ALTER TABLE ingest.event ADD COLUMN file text, ADD COLUMN line bigint;
DO $$
DECLARE
    target text;
BEGIN
    FOREACH target IN ARRAY ARRAY['log', 'log_kept', 'event'] LOOP
        EXECUTE format('COMMENT ON COLUMN ingest.%I.file IS %L', target,
                       'File that the record was loaded from, of an archive with !ENTRY; null: from none');
        EXECUTE format('COMMENT ON COLUMN ingest.%I.line IS %L', target,
                       'Line of the file in which the record begins, from 1');
        EXECUTE format('COMMENT ON COLUMN ingest.%I.event_time IS %L', target,
                       'When it happened, UTC, to the microsecond; -infinity: nobody tells');
        EXECUTE format('COMMENT ON COLUMN ingest.%I.time_source IS %L', target,
                       'native, assumed_zone, assumed_year, assumed_date (a date that the record does not write), '
                       'inherited (of the line before), kafka, or none');
    END LOOP;
END
$$;
COMMENT ON COLUMN correlate.entry.time_source IS
    'native, assumed_zone, assumed_year, assumed_date, inherited or kafka';

-- ------------------------------------------------------------------ no time

ALTER TABLE ingest.log_untimed DROP CONSTRAINT plausible;
ALTER TABLE ingest.log_untimed ADD CONSTRAINT plausible
    CHECK (event_time = '-infinity' AND time_source = 'none') NOT VALID;
COMMENT ON TABLE ingest.log_untimed IS 'Log lines without a time: event_time is -infinity';
COMMENT ON CONSTRAINT plausible ON ingest.log_untimed IS 'No time of the log lies before 1970';

-- Bounds of what a role may write, anew: those of migration 0016, and -infinity for what has no time.
DO $$
DECLARE
    target regclass;
    part   record;
    terms  text[];
BEGIN
    FOREACH target IN ARRAY ARRAY['ingest.event', 'ingest.log_kept']::regclass[] LOOP
        terms := '{}';
        FOR part IN SELECT quote_ident(attname) AS name, format_type(atttypid, NULL) AS type
                    FROM pg_attribute WHERE attrelid = target AND attnum > 0 AND NOT attisdropped
                    ORDER BY attnum LOOP
            terms := terms || CASE
                WHEN part.name = 'kafka_time' THEN
                    'kafka_time > ''1677-09-22 00:00+00'' AND kafka_time < ''2262-04-11 00:00+00'''
                WHEN part.name = 'event_time' THEN
                    '(event_time >= ''1970-01-01 00:00+00'' AND event_time < ''2100-01-01 00:00+00'''
                    ' AND time_source <> ''none'' OR event_time = ''-infinity'' AND time_source = ''none'')'
                WHEN part.type = 'timestamp with time zone' THEN
                    format('%1$s >= ''1970-01-01 00:00+00'' AND %1$s < ''2100-01-01 00:00+00''', part.name)
                WHEN part.name IN ('version', 'source_sequence', 'marks') THEN NULL
                WHEN part.name = 'stream_id' THEN 'stream_id > 0 AND stream_id < 4611686018427387904'
                WHEN part.type IN ('smallint', 'integer') THEN format('%s >= 0', part.name)
                WHEN part.type = 'bigint' THEN
                    format('%1$s >= 0 AND %1$s < 4611686018427387904', part.name)
                WHEN part.name = 'scope' THEN 'octet_length(scope) BETWEEN 1 AND 1024'
                WHEN part.type = 'text' THEN format('octet_length(%s) <= 65536', part.name)
                END;
        END LOOP;
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS plausible', target);
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT plausible CHECK (%s) NOT VALID', target,
                       array_to_string(array_remove(terms, NULL), ' AND '));
    END LOOP;
END
$$;

CREATE INDEX event_untimed ON ingest.event (scope) WHERE event_time = '-infinity';
COMMENT ON INDEX ingest.event_untimed IS 'Events without a time, for analyst.untimed';

ALTER TABLE evidence.stream ADD COLUMN untimed bigint NOT NULL DEFAULT 0;
ALTER TABLE evidence.stream ADD CONSTRAINT untimed_is_a_part
    CHECK (untimed >= 0 AND untimed <= events) NOT VALID;
GRANT UPDATE (untimed) ON evidence.stream TO hindcast_ingest;
COMMENT ON COLUMN evidence.stream.untimed IS 'Ledger: of the events, those without a time';

ALTER TABLE correlate.delivery ALTER COLUMN event_time DROP NOT NULL;
COMMENT ON COLUMN correlate.delivery.event_time IS 'When it happened, as this delivery says; null: it tells no time';
ALTER TABLE correlate.delivery DROP CONSTRAINT delivery_decided_by_check;
ALTER TABLE correlate.delivery ADD CONSTRAINT delivery_decided_by_check CHECK (
    decided_by IN ('version', 'time', 'sha256', 'frame', 'content', 'timestamp', 'coordinates'));
COMMENT ON COLUMN correlate.delivery.decided_by IS
    'Where it differs first from the one that counts: version, time (one tells none), sha256, frame, content, timestamp or coordinates; null: it counts';

CREATE VIEW analyst.untimed WITH (security_barrier = true) AS
SELECT u.scope, u.kind, u.format, u.source, u.file, u.line, u.service, u.host, u.actor, u.severity,
       u.text, u.uid, s.topic, s.incarnation, s.partition, u.record_offset, u.idx
FROM (
    SELECT scope, kind, format, source, file, line, service, host, actor, severity,
           coalesce(title, body) AS text, uid, stream_id, record_offset, idx
    FROM ingest.event WHERE event_time = '-infinity'
    UNION ALL
    SELECT scope, 'log', format, source, file, line, service, host, actor, severity, body, uid,
           stream_id, record_offset, idx
    FROM ingest.log WHERE event_time = '-infinity') u
JOIN evidence.stream s USING (stream_id);
COMMENT ON VIEW analyst.untimed IS 'Events and log lines that nobody tells a time of: they are in no timeline';
GRANT SELECT ON analyst.untimed TO hindcast_correlate, hindcast_responder;

CREATE OR REPLACE VIEW analyst.ledger WITH (security_barrier = true) AS
SELECT topic, incarnation, partition, first_offset, next_offset, records, stored, condensed, empty,
       tombstones, quarantined, holes, lost, events, max_event_time,
       records = stored + condensed + empty + tombstones + quarantined
       AND (next_offset IS NULL OR next_offset - first_offset = records + holes + lost) AS adds_up,
       coalesce(d.duplicates, 0) AS duplicates, untimed
FROM evidence.stream s
LEFT JOIN (SELECT stream_id, count(*) AS duplicates FROM correlate.delivery WHERE NOT counts
           GROUP BY stream_id) d USING (stream_id);
COMMENT ON VIEW analyst.ledger IS 'What became of every record, per partition; adds_up must be true. duplicates: events of it that another delivery stands for, as far as correlated; untimed: of the events, those without a time';

RESET ROLE;
