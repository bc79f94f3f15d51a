-- The next events of a scope behind the place $3 ({t, s, o, i}: event time, stream, offset, index) in order of time, $4 at most: the columns of
-- casebook_observations.sql, and the place of the last one. Without those that came more than once (rebuild_again.sql).
WITH taken AS MATERIALIZED (
    SELECT e.* FROM ingest.event e
    WHERE e.scope = $1::text
      AND (e.event_time, e.stream_id, e.record_offset, e.idx)
          > (coalesce(($3::jsonb ->> 't')::timestamptz, '-infinity'), coalesce(($3::jsonb ->> 's')::bigint, -1), coalesce(($3::jsonb ->> 'o')::bigint, -1), coalesce(($3::jsonb ->> 'i')::integer, -1))
      AND NOT EXISTS (SELECT FROM correlate.rebuild_again a WHERE a.scope_no = $2::integer AND a.uid = e.uid)
    ORDER BY e.event_time, e.stream_id, e.record_offset, e.idx
    LIMIT $4::bigint
), last AS MATERIALIZED (
    SELECT jsonb_build_object('t', event_time, 's', stream_id, 'o', record_offset, 'i', idx)::text AS at
    FROM taken ORDER BY event_time DESC, stream_id DESC, record_offset DESC, idx DESC LIMIT 1
)
SELECT stream_id, record_offset, idx,
       CASE WHEN event_time >= '1970-01-01 00:00+00' AND event_time < '2100-01-01 00:00+00'
            THEN (extract(epoch FROM event_time) * 1000000)::bigint * 1000 + event_ns END AS event_time,
       CASE WHEN kafka_time > '1677-09-22 00:00+00' AND kafka_time < '2262-04-11 00:00+00'
            THEN (extract(epoch FROM kafka_time) * 1000000)::bigint * 1000 END AS kafka_time,
       version, marks, severity, kind, record_kind, phase, precision, time_source, format, source,
       source_time_text, service, environment, host, severity_text, actor, actor_type, channel,
       thread_key, dedup_key, fingerprint, group_key, correlation_key, incident_ref, trace_id, ref,
       url, identity, uid, title, body, attributes::text, coalesce(source_sequence, 0), file, line,
       (SELECT at FROM last)
FROM taken
ORDER BY stream_id, record_offset, idx
