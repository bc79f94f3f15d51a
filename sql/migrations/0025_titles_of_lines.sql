-- A log line over many lines (a trace, a statement) has a title that its first line does not tell.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE ingest.log ADD COLUMN title text;
ALTER TABLE ingest.log_kept ADD COLUMN title text;
COMMENT ON COLUMN ingest.log.title IS 'One line a person would show; null: the first line of the body';
COMMENT ON COLUMN ingest.log_kept.title IS 'One line a person would show; null: the first line of the body';

CREATE OR REPLACE VIEW analyst.untimed WITH (security_barrier = true) AS
SELECT u.scope, u.kind, u.format, u.source, u.file, u.line, u.service, u.host, u.actor, u.severity,
       u.text, u.uid, s.topic, s.incarnation, s.partition, u.record_offset, u.idx
FROM (
    SELECT scope, kind, format, source, file, line, service, host, actor, severity,
           coalesce(title, body) AS text, uid, stream_id, record_offset, idx
    FROM ingest.event WHERE event_time = '-infinity' AND record_kind IS DISTINCT FROM 'manifest'
    UNION ALL
    SELECT scope, 'log', format, source, file, line, service, host, actor, severity,
           coalesce(title, body), uid, stream_id, record_offset, idx
    FROM ingest.log WHERE event_time = '-infinity') u
JOIN evidence.stream s USING (stream_id);

RESET ROLE;
