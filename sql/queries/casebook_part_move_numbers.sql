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
    SELECT n.node_key FROM nodes k JOIN correlate.number n ON n.scope = $1::text AND n.node_key = k.node_key
    UNION
    SELECT n.node_key FROM nodes k JOIN correlate.number n ON n.scope = $1::text AND n.held_by = k.node_key
    UNION
    SELECT n.node_key
    FROM incidents i
    JOIN correlate.entry e ON e.scope = $1::text AND e.incident_no = i.incident_no
    JOIN correlate.number n ON n.scope = $1::text AND n.entry_id = e.entry_id
    UNION
    SELECT n.node_key
    FROM incidents i
    JOIN correlate.member m ON m.scope = $1::text AND m.incident_no = i.incident_no
    JOIN correlate.number n ON n.scope = $1::text AND right(n.node_key, 32) = replace(m.uid::text, '-', '')
    UNION
    SELECT n.node_key FROM told t JOIN correlate.number n ON n.scope = $1::text AND right(n.node_key, 32) = t.uid
)
UPDATE correlate.number n SET held_by = w.held_by
FROM (
    SELECT m.node_key, CASE WHEN d.node_key IS NULL THEN
               coalesce((SELECT e.node_key FROM correlate.entry e
                         JOIN correlate.incident i ON i.scope = e.scope AND i.incident_no = e.incident_no
                         WHERE e.scope = m.scope AND e.entry_id = m.entry_id
                         ORDER BY i.incident_key COLLATE "C" LIMIT 1),
                        (SELECT i.incident_key FROM correlate.member u
                         JOIN correlate.incident i ON i.scope = u.scope AND i.incident_no = u.incident_no
                         WHERE u.scope = m.scope AND u.uid = CASE
                             WHEN m.node_key ~ '/[0-9a-f]{32}$' THEN right(m.node_key, 32)::uuid END)
                        )
                WHEN d.incident_no IS NULL THEN
                    (SELECT min(t.incident_key COLLATE "C") FROM told t WHERE t.uid = right(m.node_key, 32))
                END AS held_by
    FROM asked a
    JOIN correlate.number m ON m.scope = $1::text AND m.node_key = a.node_key
    LEFT JOIN correlate.node d ON d.scope = m.scope AND d.node_key = m.node_key
    WHERE d.node_key IS NULL OR m.held_by IS NOT NULL OR d.incident_no IS NULL
) w
WHERE n.scope = $1::text AND n.node_key = w.node_key AND n.held_by IS DISTINCT FROM w.held_by
