-- Can be told what came to a scope since it was saved last, by the configuration with number $2? Why not; and whether the number of declarations and
-- decisions is another one than then.
WITH c AS MATERIALIZED (
    SELECT stream_id, seq FROM correlate.cursor WHERE scope = $1::text
), stood AS (
    SELECT count(*) AS positions,
           coalesce(sum(seq) FILTER (WHERE stream_id = 0), 0) AS decided,
           coalesce(sum(seq) FILTER (WHERE stream_id = -1), 0) AS configuration,
           coalesce(sum(seq) FILTER (WHERE stream_id = -2), 0) AS rewritten
    FROM c
), stands AS (
    SELECT (SELECT count(*) FROM review.declaration WHERE scope = $1::text)
         + (SELECT count(*) FROM review.decision WHERE scope = $1::text) AS decided,
           coalesce((SELECT rewritten FROM correlate.group_scope WHERE scope = $1::text), 0) AS rewritten
)
SELECT CASE WHEN t.positions = 0 THEN 'the scope was never correlated'
            WHEN t.configuration <> $2::bigint THEN 'another configuration counts now'
            WHEN t.rewritten <> n.rewritten THEN 'records were decoded anew or taken away'
            WHEN t.decided > n.decided OR EXISTS (
                SELECT FROM c WHERE c.stream_id > 0 AND NOT EXISTS (
                    SELECT FROM evidence.stream s WHERE s.stream_id = c.stream_id AND s.seq >= c.seq))
                THEN 'its cursor lies beyond what there is'
       END, t.decided <> n.decided
FROM stood t, stands n
