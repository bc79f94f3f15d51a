-- Users of tools (record_kind person): accounts with their names, without a time and in no timeline, like records about
-- files. They are counted as a kind of their own, and are none of the events that nobody tells a time of.

SET LOCAL ROLE hindcast_owner;

CREATE OR REPLACE VIEW analyst.untimed WITH (security_barrier = true) AS
SELECT u.scope, u.kind, u.format, u.source, u.file, u.line, u.service, u.host, u.actor, u.severity,
       u.text, u.uid, s.topic, s.incarnation, s.partition, u.record_offset, u.idx
FROM (
    SELECT scope, kind, format, source, file, line, service, host, actor, severity,
           coalesce(title, body) AS text, uid, stream_id, record_offset, idx
    FROM ingest.event
    WHERE event_time = '-infinity' AND record_kind IS DISTINCT FROM 'manifest' AND record_kind IS DISTINCT FROM 'person'
    UNION ALL
    SELECT scope, 'log', format, source, file, line, service, host, actor, severity,
           coalesce(title, body), uid, stream_id, record_offset, idx
    FROM ingest.log WHERE event_time = '-infinity') u
JOIN evidence.stream s USING (stream_id);

COMMENT ON COLUMN evidence.delta.kind IS 'alert, log, chat, change, metric or note; manifest: a file was loaded; person: a user of a tool; quarantined: a record that could not be read';
COMMENT ON COLUMN analyst.reading.kind IS 'alert, log, chat, change, metric, note, manifest, person, quarantined or uncounted; never null (evidence.reading)';

-- A note, like a record about a file, also to a search.
CREATE OR REPLACE FUNCTION analyst.kind_of_record(record_kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE record_kind WHEN 'incident-event' THEN 'alert' WHEN 'status' THEN 'alert'
                            WHEN 'linked_message' THEN 'chat'
                            WHEN 'sal' THEN 'note' WHEN 'manifest' THEN 'note' WHEN 'person' THEN 'note'
                            WHEN 'commit' THEN 'change' WHEN 'merge' THEN 'change' WHEN 'deploy' THEN 'change'
                            ELSE record_kind END
$$;

RESET ROLE;
