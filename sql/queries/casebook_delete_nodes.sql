-- $2: the keys that exist now, as a JSON array.
WITH gone AS (
    DELETE FROM correlate.node
    WHERE scope = $1::text AND node_key NOT IN (SELECT jsonb_array_elements_text($2::jsonb))
    RETURNING node_key
)
INSERT INTO correlate.removed AS d (scope, kind, key, publication)
SELECT $1::text, 'node', g.node_key, p.next FROM gone g
CROSS JOIN (SELECT coalesce(max(last), 0) + 1 AS next FROM correlate.publication
            WHERE scope = $1::text) p
ON CONFLICT (scope, kind, key) DO UPDATE SET publication = excluded.publication
