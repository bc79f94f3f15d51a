-- The rows of casebook_observations.sql of some records alone: all deliveries of those with an identity ($2, an array of uuid), and lines
-- without one by their place ($3: [{s, o, i, t}, ...], stream, offset, index, event time).
WITH wanted AS MATERIALIZED (
    SELECT DISTINCT u FROM unnest($2::uuid[]) u
), named AS MATERIALIZED (
    SELECT l.* FROM wanted w
    CROSS JOIN LATERAL (SELECT * FROM ingest.log WHERE scope = $1::text AND uid = w.u OFFSET 0) l
    UNION ALL
    SELECT l.* FROM wanted w
    CROSS JOIN LATERAL (SELECT * FROM ingest.log_kept WHERE scope = $1::text AND uid = w.u OFFSET 0) l
), again AS MATERIALIZED (
    SELECT uid FROM (SELECT DISTINCT uid, stream_id, record_offset, idx FROM named) n GROUP BY uid HAVING count(*) > 1
)
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
    FROM (SELECT e.* FROM wanted w
          CROSS JOIN LATERAL (SELECT * FROM ingest.event WHERE scope = $1::text AND uid = w.u OFFSET 0) e) e
    UNION ALL
    SELECT stream_id, record_offset, idx, event_time, event_ns, kafka_time, 0, 0, severity,
           'log', record_kind, NULL, precision, time_source, format, source, source_time_text,
           service, environment, host, severity_text, actor, NULL, NULL, NULL,
           NULL, NULL, NULL, correlation_key, incident_ref, trace_id, ref, url,
           identity, uid, title, body, attributes::text, 0, file, line
    FROM (
        SELECT * FROM named
        WHERE severity >= 13 OR format = 'hindcast' OR uid IN (SELECT uid FROM again)
        UNION ALL
        SELECT l.* FROM jsonb_to_recordset($3::jsonb) AS w(s bigint, o bigint, i integer, t timestamptz)
        CROSS JOIN LATERAL (
            SELECT * FROM ingest.log
            WHERE stream_id = w.s AND record_offset = w.o AND idx = w.i AND event_time = w.t
            UNION ALL
            SELECT * FROM ingest.log_kept
            WHERE stream_id = w.s AND record_offset = w.o AND idx = w.i
            OFFSET 0) l
        WHERE l.scope = $1::text AND l.event_time = w.t AND l.uid IS NULL AND (l.severity >= 13 OR l.format = 'hindcast')
    ) l
) o
ORDER BY stream_id, record_offset, idx
