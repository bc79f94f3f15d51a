-- Counts a publication of a scope, whose lock is held, if this transaction wrote rows with the next number or
-- the scope was correlated with another configuration. A server that was started since the last one, or another
-- table, begins a lineage: what was counted in between may be lost, and its numbers be given again.
WITH was AS (
    SELECT coalesce(max(last), 0) + 1 AS next, max(encode(config_digest, 'hex')) AS digest
    FROM correlate.publication WHERE scope = $1::text
), config AS (
    SELECT max(encode(c.config_digest, 'hex')) AS digest
    FROM correlate.cursor n JOIN review.configuration c ON c.configuration_no = n.seq
    WHERE n.scope = $1::text AND n.stream_id = -1
), now AS (
    INSERT INTO correlate.publication AS p (scope, last, config_digest, configured, forgotten)
    SELECT $1::text, w.next, decode(c.digest, 'hex'), CASE WHEN c.digest IS NULL THEN 0 ELSE w.next END, 0
    FROM was w CROSS JOIN config c
    WHERE c.digest IS DISTINCT FROM w.digest
       OR EXISTS (SELECT FROM correlate.incident
                  WHERE md5(scope) = md5($1::text) AND scope = $1::text AND publication >= w.next)
       OR EXISTS (SELECT FROM correlate.node
                  WHERE md5(scope) = md5($1::text) AND scope = $1::text AND publication >= w.next)
       OR EXISTS (SELECT FROM correlate.removed WHERE scope = $1::text AND publication >= w.next)
    ON CONFLICT (scope) DO UPDATE
    SET last = excluded.last, config_digest = excluded.config_digest,
        configured = CASE WHEN p.config_digest IS DISTINCT FROM excluded.config_digest
                     THEN excluded.last ELSE p.configured END
    RETURNING p.last, p.tableoid::bigint AS table_id
)
INSERT INTO correlate.lineage (scope, first, token, server_start, table_id)
SELECT $1::text, n.last, left(replace(gen_random_uuid()::text, '-', ''), 12), pg_postmaster_start_time(),
       n.table_id
FROM now n
LEFT JOIN (SELECT l.server_start, l.table_id FROM correlate.lineage l WHERE l.scope = $1::text
           ORDER BY l.first DESC LIMIT 1) l ON true
WHERE (l.server_start, l.table_id) IS DISTINCT FROM (pg_postmaster_start_time(), n.table_id)
