-- All events of a scope and its notable log lines, in order of coordinates so that segments are read
-- once. The same columns from all tables; correlate_notable() says the same as the last WHERE, and
-- retention_*.sql. A line that outlives its partition is in both for a while: it counts once.
DECLARE observations NO SCROLL CURSOR FOR
SELECT DISTINCT ON (stream_id, record_offset, idx) stream_id, record_offset, idx,
       (extract(epoch FROM event_time) * 1000000)::bigint * 1000 + event_ns AS event_time,
       (extract(epoch FROM kafka_time) * 1000000)::bigint * 1000 AS kafka_time,
       version, marks, severity, kind, record_kind, phase, precision, time_source, format, source,
       source_time_text, service, environment, host, severity_text, actor, actor_type, channel,
       thread_key, dedup_key, fingerprint, group_key, correlation_key, incident_ref, trace_id, ref,
       url, identity, uid, title, body, attributes
FROM (
    SELECT stream_id, record_offset, idx, event_time, event_ns, kafka_time, version, marks, severity,
           kind, record_kind, phase, precision, time_source, format, source, source_time_text,
           service, environment, host, severity_text, actor, actor_type, channel, thread_key,
           dedup_key, fingerprint, group_key, correlation_key, incident_ref, trace_id, ref, url,
           identity, uid, title, body, attributes::text
    FROM ingest.event WHERE scope = $1::text
    UNION ALL
    SELECT stream_id, record_offset, idx, event_time, event_ns, kafka_time, 0, 0, severity,
           'log', record_kind, NULL, precision, time_source, format, source, source_time_text,
           service, environment, host, severity_text, actor, NULL, NULL, NULL,
           NULL, NULL, NULL, correlation_key, incident_ref, trace_id, ref, url,
           identity, uid, NULL, body, attributes::text
    FROM (SELECT * FROM ingest.log UNION ALL SELECT * FROM ingest.log_kept) l
    WHERE scope = $1::text AND (severity >= 13 OR format = 'hindcast')
) o
ORDER BY stream_id, record_offset, idx
