-- What was read from a record: by uid $1; by topic $2, partition $3 and offset $4 (of the newest incarnation that has it); or by file $5 and
-- line $6. $7: as many rows. Each way is one branch, so that the others cost nothing.
WITH streams AS MATERIALIZED (
    SELECT stream_id, topic, incarnation, partition FROM evidence.stream
    WHERE $2::text IS NULL OR (topic = $2::text AND partition = $3::integer)
), scopes AS MATERIALIZED (
    SELECT DISTINCT scope FROM correlate.cursor
), rows AS (
    SELECT e.stream_id, e.record_offset, e.idx, e.scope, e.kind, e.event_time, e.uid, e.severity, e.source, e.service, e.host,
           e.channel, e.actor, coalesce(e.title, e.body) AS text, e.file, e.line, e.format, e.record_kind = 'manifest' AS about_file
    FROM ingest.event e WHERE $1::uuid IS NOT NULL AND e.uid = $1::uuid AND e.scope IN (SELECT scope FROM scopes)
    UNION ALL
    SELECT e.stream_id, e.record_offset, e.idx, e.scope, e.kind, e.event_time, e.uid, e.severity, e.source, e.service, e.host,
           e.channel, e.actor, coalesce(e.title, e.body), e.file, e.line, e.format, e.record_kind = 'manifest'
    FROM ingest.event e JOIN streams s USING (stream_id) WHERE $2::text IS NOT NULL AND e.record_offset = $4::bigint
    UNION ALL
    SELECT e.stream_id, e.record_offset, e.idx, e.scope, e.kind, e.event_time, e.uid, e.severity, e.source, e.service, e.host,
           e.channel, e.actor, coalesce(e.title, e.body), e.file, e.line, e.format, e.record_kind = 'manifest'
    FROM ingest.event e WHERE $5::text IS NOT NULL AND e.file = $5::text AND e.line = $6::bigint
    UNION ALL
    SELECT l.stream_id, l.record_offset, l.idx, l.scope, 'log', l.event_time, l.uid, l.severity, l.source, l.service, l.host,
           NULL, l.actor, coalesce(l.title, l.body), l.file, l.line, l.format, false
    FROM ingest.log l WHERE $1::uuid IS NOT NULL AND l.uid = $1::uuid AND l.scope IN (SELECT scope FROM scopes)
    UNION ALL
    SELECT l.stream_id, l.record_offset, l.idx, l.scope, 'log', l.event_time, l.uid, l.severity, l.source, l.service, l.host,
           NULL, l.actor, coalesce(l.title, l.body), l.file, l.line, l.format, false
    FROM ingest.log l JOIN streams s USING (stream_id) WHERE $2::text IS NOT NULL AND l.record_offset = $4::bigint
    UNION ALL
    SELECT l.stream_id, l.record_offset, l.idx, l.scope, 'log', l.event_time, l.uid, l.severity, l.source, l.service, l.host,
           NULL, l.actor, coalesce(l.title, l.body), l.file, l.line, l.format, false
    FROM ingest.log l WHERE $5::text IS NOT NULL AND l.file = $5::text AND l.line = $6::bigint
)
SELECT s.topic, s.incarnation, s.partition, r.record_offset, r.idx, r.scope, r.kind,
       CASE WHEN r.event_time >= '1970-01-01 00:00+00' THEN (extract(epoch FROM r.event_time) * 1000000)::bigint * 1000 END,
       coalesce(replace(r.uid::text, '-', ''), ''), r.severity, r.source, r.service, r.host, r.channel, r.actor, r.text, r.file,
       r.line, r.severity >= 13 OR r.format = 'hindcast', r.stream_id, s.cluster_id, r.about_file
FROM rows r JOIN evidence.stream s USING (stream_id)
ORDER BY s.incarnation DESC, s.topic COLLATE "C", s.partition, r.record_offset, r.idx
LIMIT $7::integer
