-- All events of a scope, its notable log lines and those that came more than once (which of them
-- counts may make the difference), in order of coordinates so that segments are read once. The same
-- columns from all tables; correlate_notable() says the same as the first WHERE about lines, and
-- retention_*.sql as both. A line that outlives its partition is in both for a while: it counts once.
-- Times that hindcast never writes come as null, and so does no time.
DECLARE observations NO SCROLL CURSOR FOR
SELECT DISTINCT ON (stream_id, record_offset, idx) stream_id, record_offset, idx,
       CASE WHEN event_time >= '1970-01-01 00:00+00' AND event_time < '2100-01-01 00:00+00'
            THEN (extract(epoch FROM event_time) * 1000000)::bigint * 1000 + event_ns END AS event_time,
       CASE WHEN kafka_time > '1677-09-22 00:00+00' AND kafka_time < '2262-04-11 00:00+00'
            THEN (extract(epoch FROM kafka_time) * 1000000)::bigint * 1000 END AS kafka_time,
       version, marks, severity, kind, record_kind, phase, precision, time_source, format, source,
       source_time_text, service, environment, host, severity_text, actor, actor_type, channel,
       thread_key, dedup_key, fingerprint, group_key, correlation_key, incident_ref, trace_id, ref,
       url, identity, uid, title, body, attributes, source_sequence, file, line
FROM (
    SELECT stream_id, record_offset, idx, event_time, event_ns, kafka_time, version, marks, severity,
           kind, record_kind, phase, precision, time_source, format, source, source_time_text,
           service, environment, host, severity_text, actor, actor_type, channel, thread_key,
           dedup_key, fingerprint, group_key, correlation_key, incident_ref, trace_id, ref, url,
           identity, uid, title, body, attributes::text, coalesce(source_sequence, 0) AS source_sequence,
           file, line
    FROM ingest.event WHERE scope = $1::text
    UNION ALL
    SELECT stream_id, record_offset, idx, event_time, event_ns, kafka_time, 0, 0, severity,
           'log', record_kind, NULL, precision, time_source, format, source, source_time_text,
           service, environment, host, severity_text, actor, NULL, NULL, NULL,
           NULL, NULL, NULL, correlation_key, incident_ref, trace_id, ref, url,
           identity, uid, title, body, attributes::text, 0, file, line
    FROM (
        SELECT * FROM ingest.log WHERE scope = $1::text AND (severity >= 13 OR format = 'hindcast')
        UNION ALL
        SELECT * FROM ingest.log_kept
        WHERE scope = $1::text AND (severity >= 13 OR format = 'hindcast')
        UNION ALL
        SELECT * FROM (TABLE ingest.log UNION ALL TABLE ingest.log_kept) every
        WHERE scope = $1::text AND NOT (severity >= 13 OR format = 'hindcast') AND uid IN (
            SELECT uid FROM (
                SELECT uid, stream_id, record_offset, idx FROM ingest.log
                WHERE scope = $1::text AND uid IS NOT NULL
                UNION
                SELECT uid, stream_id, record_offset, idx FROM ingest.log_kept
                WHERE scope = $1::text AND uid IS NOT NULL) named
            GROUP BY uid HAVING count(*) > 1)
    ) l
) o
ORDER BY stream_id, record_offset, idx
