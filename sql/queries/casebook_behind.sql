-- Is there anything that the scope has not taken in? Batches that say something to it, declarations
-- and decisions (stream 0), another configuration (stream -1, $2), records that
-- were decoded anew or taken away (stream -2), a cursor that no stream can have reached. And how many
-- batches above its cursor say something to others, which casebook_pass.sql spares the next look.
SELECT coalesce(bool_or(stale), false), coalesce(sum(of_others), 0)
FROM (
    SELECT n.seq <> coalesce(c.seq, 0) AS stale, 0 AS of_others
    FROM (SELECT 0 AS stream_id, (SELECT count(*) FROM review.declaration WHERE scope = $1::text)
                 + (SELECT count(*) FROM review.decision WHERE scope = $1::text) AS seq
          UNION ALL SELECT -1, $2::bigint
          UNION ALL SELECT -2, coalesce((SELECT rewritten FROM correlate.group_scope WHERE scope = $1::text), 0)) n
    LEFT JOIN correlate.cursor c ON c.scope = $1::text AND c.stream_id = n.stream_id
    UNION ALL
    SELECT b.told OR coalesce(c.seq, 0) > s.seq, b.batches
    FROM evidence.stream s
    LEFT JOIN correlate.cursor c ON c.scope = $1::text AND c.stream_id = s.stream_id
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(a.scopes IS NULL OR $1::text = ANY (a.scopes)), false) AS told,
               count(*) AS batches
        FROM evidence.batch a
        WHERE a.stream_id = s.stream_id AND a.seq > coalesce(c.seq, 0)
          AND a.scopes IS DISTINCT FROM '{}') b
    WHERE s.stream_id > 0
) every
