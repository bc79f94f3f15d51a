-- After a publication: what is there again was not removed, and of the keys that were removed the newest ones
-- are kept ($2 of them).
WITH changed AS (
    SELECT 'incident' AS kind, incident_key AS key, publication
    FROM correlate.incident WHERE md5(scope) = md5($1::text) AND scope = $1::text
    UNION ALL SELECT 'node', node_key, publication
    FROM correlate.node WHERE md5(scope) = md5($1::text) AND scope = $1::text
), back AS (
    DELETE FROM correlate.removed r USING changed c
    WHERE r.scope = $1::text AND r.kind = c.kind AND r.key = c.key
      AND c.publication > (SELECT last - 1 FROM correlate.publication WHERE scope = $1::text)
), bound AS (
    SELECT publication FROM correlate.removed WHERE scope = $1::text
    ORDER BY publication DESC OFFSET $2::bigint LIMIT 1
), forgotten AS (
    DELETE FROM correlate.removed r USING bound b WHERE r.scope = $1::text AND r.publication <= b.publication
)
UPDATE correlate.publication p SET forgotten = b.publication
FROM bound b WHERE p.scope = $1::text AND p.forgotten < b.publication
