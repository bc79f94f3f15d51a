-- Counts of what was read: by format and source of the time for each stream, and by minute for each scope,
-- service and severity. A batch writes what it adds as deltas, in its transaction; evidence.fold_deltas()
-- adds them up later. Views read both, so that no answer depends on whether that has been done.

SET LOCAL ROLE hindcast_owner;

CREATE TABLE evidence.delta (
    stream_id   bigint NOT NULL,
    minute      timestamptz,
    events      bigint NOT NULL,
    severity    smallint NOT NULL,
    scope       text,
    service     text NOT NULL,
    kind        text NOT NULL,
    format      text NOT NULL,
    time_source text NOT NULL,
    CONSTRAINT plausible CHECK (
        stream_id > 0 AND stream_id < 4611686018427387904
        AND (minute IS NULL OR minute >= '1970-01-01 00:00+00' AND minute < '2100-01-01 00:00+00')
        AND events > -4611686018427387904 AND events < 4611686018427387904 AND severity >= 0
        AND (scope IS NULL OR octet_length(scope) BETWEEN 1 AND 1024)
        AND octet_length(service) <= 1024 AND octet_length(format) <= 1024
        AND octet_length(kind) <= 64 AND octet_length(time_source) <= 64)
);
COMMENT ON TABLE evidence.delta IS 'Counts that batches added, in the transaction of their rows, until they are folded; reading again subtracts';
COMMENT ON COLUMN evidence.delta.stream_id IS 'Stream of the records';
COMMENT ON COLUMN evidence.delta.minute IS 'Minute of the event time; null: without a time, or in quarantine';
COMMENT ON COLUMN evidence.delta.events IS 'How many events more; negative: so many were taken away';
COMMENT ON COLUMN evidence.delta.severity IS 'OpenTelemetry SeverityNumber; 0 is unset';
COMMENT ON COLUMN evidence.delta.scope IS 'Unit of privacy and correlation; null: in quarantine';
COMMENT ON COLUMN evidence.delta.service IS 'Service; empty: none';
COMMENT ON COLUMN evidence.delta.kind IS 'alert, log, chat, change, metric or note; manifest: a file was loaded; quarantined: a record that could not be read';
COMMENT ON COLUMN evidence.delta.format IS 'Decoder that read the record, or of one in quarantine the format it looks like; empty: unknown';
COMMENT ON COLUMN evidence.delta.time_source IS 'Whose time it is, see ingest.log; empty: in quarantine';

CREATE TABLE evidence.reading (
    stream_id   bigint NOT NULL,
    events      bigint NOT NULL,
    kind        text NOT NULL,
    format      text NOT NULL,
    time_source text NOT NULL,
    PRIMARY KEY (stream_id, format, time_source, kind)
);
COMMENT ON TABLE evidence.reading IS 'What was read of each stream, without the deltas that are not folded yet; analyst.reading has both';
COMMENT ON COLUMN evidence.reading.stream_id IS 'Stream of the records';
COMMENT ON COLUMN evidence.reading.events IS 'Number of events, of kind quarantined of records';
COMMENT ON COLUMN evidence.reading.kind IS 'See evidence.delta';
COMMENT ON COLUMN evidence.reading.format IS 'See evidence.delta';
COMMENT ON COLUMN evidence.reading.time_source IS 'See evidence.delta';

CREATE TABLE evidence.minute (
    minute   timestamptz NOT NULL,
    events   bigint NOT NULL,
    severity smallint NOT NULL,
    scope    text NOT NULL,
    service  text NOT NULL,
    kind     text NOT NULL,
    PRIMARY KEY (scope, minute, service, kind, severity)
);
COMMENT ON TABLE evidence.minute IS 'Events per minute of event time, without the deltas that are not folded yet; analyst.minutes has both';
COMMENT ON COLUMN evidence.minute.minute IS 'Minute of the event time';
COMMENT ON COLUMN evidence.minute.events IS 'Number of events: deliveries, those that came again included';
COMMENT ON COLUMN evidence.minute.severity IS 'OpenTelemetry SeverityNumber; 0 is unset';
COMMENT ON COLUMN evidence.minute.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN evidence.minute.service IS 'Service; empty: none';
COMMENT ON COLUMN evidence.minute.kind IS 'alert, log, chat, change, metric or note';
CREATE INDEX minute_time ON evidence.minute (minute);
COMMENT ON INDEX evidence.minute_time IS 'Minutes that retention removes';

INSERT INTO evidence.lock (name) VALUES ('counts');
COMMENT ON COLUMN evidence.lock.name IS 'partitions (locked while partitions are made), counts (locked while deltas are folded) or retention (named)';

-- Whoever comes while another one folds has nothing to do.
CREATE FUNCTION evidence.fold_deltas(most bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    folded bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM evidence.delta) THEN
        RETURN 0;
    END IF;
    PERFORM l.name FROM evidence.lock l WHERE l.name = 'counts' FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    WITH taken AS MATERIALIZED (
        DELETE FROM evidence.delta
        WHERE ctid = ANY (ARRAY(SELECT d.ctid FROM evidence.delta d LIMIT greatest(most, 0)))
        RETURNING *
    ), readings AS (
        INSERT INTO evidence.reading AS r (stream_id, format, time_source, kind, events)
        SELECT t.stream_id, t.format, t.time_source, t.kind, sum(t.events) FROM taken t
        GROUP BY 1, 2, 3, 4 HAVING sum(t.events) <> 0
        ON CONFLICT (stream_id, format, time_source, kind) DO UPDATE
            SET events = r.events + excluded.events
    ), minutes AS (
        INSERT INTO evidence.minute AS m (scope, minute, service, kind, severity, events)
        SELECT t.scope, t.minute, t.service, t.kind, t.severity, sum(t.events) FROM taken t
        WHERE t.minute IS NOT NULL AND t.scope IS NOT NULL
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(t.events) <> 0
        ON CONFLICT (scope, minute, service, kind, severity) DO UPDATE
            SET events = m.events + excluded.events
    )
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END
$$;
COMMENT ON FUNCTION evidence.fold_deltas(bigint) IS
    'Adds up so many deltas at most in evidence.reading and evidence.minute, and takes them away; returns how many';
REVOKE ALL ON FUNCTION evidence.fold_deltas(bigint) FROM PUBLIC;

-- ------------------------------------------------------------------ what is stored already

-- One statement, so one snapshot. Of rows that retention removed nobody knows any more what they were:
-- analyst.reading says how many those are.
WITH stored AS MATERIALIZED (
    SELECT stream_id, scope, service, 'log' AS kind, severity, event_time, format, time_source FROM ingest.log
    UNION ALL
    SELECT stream_id, scope, service, 'log', severity, event_time, format, time_source FROM ingest.log_kept
    UNION ALL
    SELECT stream_id, scope, service, CASE record_kind WHEN 'manifest' THEN 'manifest' ELSE kind END, severity,
           event_time, format, time_source FROM ingest.event
    UNION ALL
    SELECT stream_id, NULL, NULL, 'quarantined', 0::smallint, NULL, coalesce(format_guess, ''), ''
    FROM evidence.quarantine
), counted AS MATERIALIZED (
    SELECT stream_id, scope, CASE WHEN octet_length(service) > 1024 THEN left(service, 256) ELSE coalesce(service, '') END AS service, kind, severity,
           date_bin('1 minute', event_time, '1970-01-01 00:00+00') AS minute,
           CASE WHEN octet_length(format) > 1024 THEN left(format, 256) ELSE format END AS format, time_source, count(*) AS events
    FROM (SELECT stream_id, scope, service, kind, severity, format, time_source,
                 CASE WHEN event_time > '-infinity' THEN event_time END AS event_time FROM stored) s
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), readings AS (
    INSERT INTO evidence.reading (stream_id, format, time_source, kind, events)
    SELECT stream_id, format, time_source, kind, sum(events) FROM counted GROUP BY 1, 2, 3, 4
)
INSERT INTO evidence.minute (scope, minute, service, kind, severity, events)
SELECT scope, minute, service, kind, severity, sum(events) FROM counted
WHERE minute IS NOT NULL AND scope IS NOT NULL GROUP BY 1, 2, 3, 4, 5;

-- ------------------------------------------------------------------ for those who read

CREATE VIEW analyst.reading WITH (security_barrier = true) AS
WITH counted AS (
    SELECT stream_id, format, time_source, kind, sum(events) AS events
    FROM (SELECT stream_id, format, time_source, kind, events FROM evidence.reading
          UNION ALL
          SELECT stream_id, format, time_source, kind, events FROM evidence.delta) c
    GROUP BY 1, 2, 3, 4 HAVING sum(events) <> 0
), uncounted AS (
    SELECT s.stream_id, s.events - coalesce(sum(c.events) FILTER (WHERE c.kind <> 'quarantined'), 0) AS events,
           s.quarantined - coalesce(sum(c.events) FILTER (WHERE c.kind = 'quarantined'), 0) AS quarantined
    FROM evidence.stream s LEFT JOIN counted c USING (stream_id)
    GROUP BY s.stream_id, s.events, s.quarantined
)
SELECT s.cluster_id, s.topic, s.incarnation, s.partition, r.kind, nullif(r.format, '') AS format,
       nullif(r.time_source, '') AS time_source, r.events::bigint AS events
FROM evidence.stream s
JOIN (SELECT stream_id, kind, format, time_source, events FROM counted
      UNION ALL
      SELECT stream_id, 'uncounted', '', '', events FROM uncounted WHERE events <> 0
      UNION ALL
      SELECT stream_id, 'quarantined', '', '', quarantined FROM uncounted WHERE quarantined <> 0) r
    USING (stream_id);
COMMENT ON VIEW analyst.reading IS 'What was read, per partition: events by kind, format and source of the time, and records in quarantine; adds up to the ledger. uncounted: written or removed by programs that did not count';

CREATE VIEW analyst.minutes WITH (security_barrier = true) AS
SELECT scope, minute, nullif(service, '') AS service, kind, severity, sum(events)::bigint AS events
FROM (SELECT scope, minute, service, kind, severity, events FROM evidence.minute
      UNION ALL
      SELECT scope, minute, service, kind, severity, events FROM evidence.delta
      WHERE minute IS NOT NULL AND scope IS NOT NULL) m
GROUP BY scope, minute, service, kind, severity HAVING sum(events) <> 0;
COMMENT ON VIEW analyst.minutes IS 'Events per minute of event time, by scope, service, kind and severity. Deliveries count, those that came again included: analyst.deliveries tells those';

GRANT INSERT ON evidence.delta TO hindcast_ingest;
GRANT SELECT ON evidence.delta, evidence.reading, evidence.minute TO hindcast_correlate;
GRANT EXECUTE ON FUNCTION evidence.fold_deltas(bigint) TO hindcast_correlate;
GRANT SELECT ON analyst.reading TO hindcast_ingest, hindcast_correlate, hindcast_responder, hindcast_analyst;
GRANT SELECT ON analyst.minutes TO hindcast_correlate, hindcast_responder, hindcast_analyst;

RESET ROLE;
