-- The next notable log lines of a scope behind the place $3 ({s, o, i}: stream, offset, index) in order of places, $4 at most: as
-- rebuild_events.sql.
WITH taken AS MATERIALIZED (
    SELECT l.* FROM ingest.log l
    WHERE l.scope = $1::text AND (l.severity >= 13 OR l.format = 'hindcast')
      AND (l.stream_id, l.record_offset, l.idx)
          > (coalesce(($3::jsonb ->> 's')::bigint, -1), coalesce(($3::jsonb ->> 'o')::bigint, -1), coalesce(($3::jsonb ->> 'i')::integer, -1))
      AND NOT EXISTS (SELECT FROM correlate.rebuild_again a WHERE a.scope_no = $2::integer AND a.uid = l.uid)
    ORDER BY l.stream_id, l.record_offset, l.idx
    LIMIT $4::bigint
), last AS MATERIALIZED (
    SELECT jsonb_build_object('s', stream_id, 'o', record_offset, 'i', idx)::text AS at
    FROM taken ORDER BY stream_id DESC, record_offset DESC, idx DESC LIMIT 1
)
SELECT stream_id, record_offset, idx,
       CASE WHEN event_time >= '1970-01-01 00:00+00' AND event_time < '2100-01-01 00:00+00'
            THEN (extract(epoch FROM event_time) * 1000000)::bigint * 1000 + event_ns END AS event_time,
       CASE WHEN kafka_time > '1677-09-22 00:00+00' AND kafka_time < '2262-04-11 00:00+00'
            THEN (extract(epoch FROM kafka_time) * 1000000)::bigint * 1000 END AS kafka_time,
       0, 0, severity, 'log', record_kind, NULL, precision, time_source, format, source,
       source_time_text, service, environment, host, severity_text, actor, NULL, NULL,
       NULL, NULL, NULL, NULL, correlation_key, incident_ref, trace_id, ref,
       url, identity, uid, title, body, attributes::text, 0, file, line,
       (SELECT at FROM last)
FROM taken
ORDER BY stream_id, record_offset, idx
