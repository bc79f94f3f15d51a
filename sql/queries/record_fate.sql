-- What became of an event (scope $1, uid $2; its delivery at stream $3, offset $4, index $5; source $6; time $7 in microseconds): the
-- incident that holds it, what decided against this delivery, the episode it is in, whether anything of the scope waits, and what
-- people said that takes it out of sight.
SELECT i.incident_key, coalesce(i.number, ''), i.title, i.raised, d.decided_by, n.reason, n.incident_no IS NULL,
       EXISTS (SELECT FROM evidence.batch b
               LEFT JOIN correlate.cursor c ON c.scope = $1::text AND c.stream_id = b.stream_id
               WHERE b.stream_id = $3::bigint AND b.seq > coalesce(c.seq, 0)
                 AND (b.scopes IS NULL OR $1::text = ANY (b.scopes))),
       said.verb, said.author, said.id
FROM (SELECT 1) one
LEFT JOIN correlate.member m ON m.scope = $1::text AND m.uid = $2::uuid
LEFT JOIN correlate.incident i ON i.scope = m.scope AND i.incident_no = m.incident_no
LEFT JOIN correlate.delivery d ON d.scope = $1::text AND d.uid = $2::uuid AND d.stream_id = $3::bigint
                              AND d.record_offset = $4::bigint AND d.idx = $5::integer AND NOT d.counts
LEFT JOIN LATERAL (
    SELECT e.reason, e.incident_no FROM correlate.node e
    WHERE e.scope = $1::text AND e.incident_no IS NULL AND m.uid IS NULL AND e.source = $6::text
      AND e.kind = $8::text
      AND timestamptz '1970-01-01 00:00+00' + $7::bigint * interval '1 microsecond' BETWEEN e.first_time AND e.last_time
    ORDER BY e.node_key COLLATE "C" LIMIT 1) n ON true
LEFT JOIN LATERAL (
    SELECT c.content ->> 'verb' AS verb, c.content ->> 'author' AS author, d.value ->> 'id' AS id
    FROM jsonb_array_elements(i.decisions) d, LATERAL (SELECT (d.value ->> 'content')::jsonb AS content) c
    WHERE d.value ->> 'state' = 'applied'
      AND (c.content ->> 'verb' = 'not-an-incident'
        OR (c.content ->> 'verb' = 'hide' AND c.content -> 'rows' -> 0 ->> 'event' = replace($2::text, '-', '')))
    ORDER BY (c.content ->> 'verb') COLLATE "C" DESC, (d.value ->> 'id') COLLATE "C" LIMIT 1) said ON true
