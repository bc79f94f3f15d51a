-- The same as casebook_move_numbers.sql of the numbers that a part can move. $2: {"incidents": numbers, "nodes": keys of nodes that came,
-- changed or went}: those given for such a node, held by one, given for an entry of these incidents, or for a node named after a
-- record that one of them holds or that what was decided of one names.
WITH incidents AS MATERIALIZED (
    SELECT r::bigint AS incident_no FROM jsonb_array_elements_text($2::jsonb -> 'incidents') r
), nodes AS MATERIALIZED (
    SELECT DISTINCT k AS node_key FROM jsonb_array_elements_text($2::jsonb -> 'nodes') k
), told AS MATERIALIZED (
    SELECT DISTINCT (c ->> 'content')::jsonb ->> 'incident' AS uid, i.incident_key
    FROM (SELECT x.incident_no FROM incidents x
          UNION
          SELECT h.incident_no FROM nodes k
          CROSS JOIN LATERAL (SELECT n.held_by FROM correlate.number n
                              WHERE n.scope = $1::text AND n.node_key = k.node_key OFFSET 0) n
          CROSS JOIN LATERAL (SELECT w.incident_no FROM correlate.incident w
                              WHERE w.scope = $1::text AND w.incident_key = n.held_by OFFSET 0) h) x
    CROSS JOIN LATERAL (SELECT w.incident_key, w.decisions FROM correlate.incident w
                        WHERE w.scope = $1::text AND w.incident_no = x.incident_no OFFSET 0) i
    CROSS JOIN LATERAL jsonb_array_elements(i.decisions) c
    WHERE i.decisions <> '[]' AND c ->> 'state' <> 'undone'
), asked AS MATERIALIZED (
    SELECT n.node_key FROM nodes k
    CROSS JOIN LATERAL (SELECT x.node_key FROM correlate.number x
                        WHERE x.scope = $1::text AND x.node_key = k.node_key OFFSET 0) n
    UNION
    SELECT n.node_key FROM nodes k
    CROSS JOIN LATERAL (SELECT x.node_key FROM correlate.number x
                        WHERE x.scope = $1::text AND x.held_by = k.node_key OFFSET 0) n
    UNION
    SELECT n.node_key FROM incidents i
    CROSS JOIN LATERAL (SELECT x.entry_id FROM correlate.entry x
                        WHERE x.scope = $1::text AND x.incident_no = i.incident_no OFFSET 0) e
    CROSS JOIN LATERAL (SELECT x.node_key FROM correlate.number x
                        WHERE x.scope = $1::text AND x.entry_id = e.entry_id OFFSET 0) n
    UNION
    SELECT n.node_key FROM incidents i
    CROSS JOIN LATERAL (SELECT x.uid FROM correlate.member x
                        WHERE x.scope = $1::text AND x.incident_no = i.incident_no OFFSET 0) m
    CROSS JOIN LATERAL (SELECT x.node_key FROM correlate.number x
                        WHERE x.scope = $1::text AND right(x.node_key, 32) = replace(m.uid::text, '-', '') OFFSET 0) n
    UNION
    SELECT n.node_key FROM told t
    CROSS JOIN LATERAL (SELECT x.node_key FROM correlate.number x
                        WHERE x.scope = $1::text AND right(x.node_key, 32) = t.uid OFFSET 0) n
)
UPDATE correlate.number n SET held_by = w.held_by
FROM (
    SELECT m.at, CASE WHEN d.node_key IS NULL THEN
               coalesce((SELECT e.node_key
                         FROM (SELECT x.node_key, x.incident_no FROM correlate.entry x
                               WHERE x.scope = $1::text AND x.entry_id = m.entry_id OFFSET 0) e
                         CROSS JOIN LATERAL (SELECT x.incident_key FROM correlate.incident x
                                             WHERE x.scope = $1::text AND x.incident_no = e.incident_no OFFSET 0) i
                         ORDER BY i.incident_key COLLATE "C" LIMIT 1),
                        (SELECT i.incident_key
                         FROM (SELECT x.incident_no FROM correlate.member x
                               WHERE x.scope = $1::text AND x.uid = CASE
                                   WHEN m.node_key ~ '/[0-9a-f]{32}$' THEN right(m.node_key, 32)::uuid END OFFSET 0) u
                         CROSS JOIN LATERAL (SELECT x.incident_key FROM correlate.incident x
                                             WHERE x.scope = $1::text AND x.incident_no = u.incident_no OFFSET 0) i)
                        )
                WHEN d.incident_no IS NULL THEN
                    (SELECT min(t.incident_key COLLATE "C") FROM told t WHERE t.uid = right(m.node_key, 32))
                END AS held_by
    FROM asked a
    CROSS JOIN LATERAL (SELECT x.ctid AS at, x.node_key, x.entry_id, x.held_by FROM correlate.number x
                        WHERE x.scope = $1::text AND x.node_key = a.node_key OFFSET 0) m
    LEFT JOIN LATERAL (SELECT x.node_key, x.incident_no FROM correlate.node x
                       WHERE x.scope = $1::text AND x.node_key = a.node_key OFFSET 0) d ON true
    WHERE d.node_key IS NULL OR m.held_by IS NOT NULL OR d.incident_no IS NULL
) w
WHERE n.ctid = w.at AND n.held_by IS DISTINCT FROM w.held_by
