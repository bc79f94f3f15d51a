-- What became of each file that was loaded: hindcast load writes a record about it (kind manifest), without a time,
-- in no timeline. It has a view of its own, and is none of the events that nobody tells a time of.
SET ROLE hindcast_owner;

CREATE VIEW analyst.files WITH (security_barrier = true) AS
SELECT DISTINCT ON (e.scope, file) e.scope, coalesce(e.file, e.source) AS file,
       coalesce(e.attributes->>'outcome', '') AS outcome,
       e.attributes->'look' IS NOT DISTINCT FROM 'true'::jsonb AS look,
       e.body AS said, e.attributes->>'first' AS first_time, e.attributes->>'last' AS last_time,
       e.attributes->>'sha256' AS sha256, e.attributes, e.uid,
       s.topic, s.incarnation, s.partition, e.record_offset, e.idx
FROM ingest.event e
JOIN evidence.stream s USING (stream_id)
WHERE e.event_time = '-infinity' AND e.record_kind = 'manifest'
ORDER BY e.scope, file, e.attributes ? 'sha256' DESC,
         CASE WHEN jsonb_typeof(e.attributes->'records') = 'number' THEN (e.attributes->'records')::numeric END
             DESC NULLS LAST,
         e.uid, e.stream_id, e.record_offset, e.idx;
COMMENT ON VIEW analyst.files IS 'Files that were loaded, each once: what they were read as, and what a person should look at. Of several states of a file the one that was read whole, then the one with the most records';
GRANT SELECT ON analyst.files TO hindcast_correlate, hindcast_responder, hindcast_analyst;

CREATE OR REPLACE VIEW analyst.untimed WITH (security_barrier = true) AS
SELECT u.scope, u.kind, u.format, u.source, u.file, u.line, u.service, u.host, u.actor, u.severity,
       u.text, u.uid, s.topic, s.incarnation, s.partition, u.record_offset, u.idx
FROM (
    SELECT scope, kind, format, source, file, line, service, host, actor, severity,
           coalesce(title, body) AS text, uid, stream_id, record_offset, idx
    FROM ingest.event WHERE event_time = '-infinity' AND record_kind IS DISTINCT FROM 'manifest'
    UNION ALL
    SELECT scope, 'log', format, source, file, line, service, host, actor, severity, body, uid,
           stream_id, record_offset, idx
    FROM ingest.log WHERE event_time = '-infinity') u
JOIN evidence.stream s USING (stream_id);

RESET ROLE;
