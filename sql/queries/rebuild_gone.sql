-- Nodes that are stored of a scope and that the set $2 does not have, $3 at most, and their incidents.
SELECT n.node_key, i.incident_key
FROM (SELECT x.node_key, x.incident_no,
             CASE WHEN x.node_key ~ '^-?[0-9]{1,18}/.*/[^/]*$' THEN substring(x.node_key FROM '^(-?[0-9]+)/')::bigint END AS first_ms,
             substring(x.node_key FROM '^-?[0-9]+/(.*)/[^/]*$') AS source, substring(x.node_key FROM '/([^/]*)$') AS uid
      FROM correlate.node x WHERE x.scope = $1::text OFFSET 0) n
LEFT JOIN correlate.incident i ON i.scope = $1::text AND i.incident_no = n.incident_no
WHERE n.first_ms IS NULL OR NOT EXISTS (
    SELECT FROM (VALUES (true), (false)) o (opens)
    CROSS JOIN LATERAL (SELECT FROM correlate.group_node g
                        WHERE g.scope_no = $2::integer AND g.opens = o.opens AND g.first_ms = n.first_ms
                          AND g.source = n.source COLLATE "C" AND g.uid = n.uid COLLATE "C" LIMIT 1) g)
LIMIT $3::bigint
