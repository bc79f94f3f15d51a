-- A number follows the entry it was given for: an earlier record gives a node another key, and a record
-- between two nodes makes them one. Where a fold gave the entry another id, the number follows the record
-- that its node was named after. A node that is back has its number back. Where people detached the node, the
-- number stays with the incident that keeps what was decided of it.
WITH told AS MATERIALIZED (
    SELECT DISTINCT (c ->> 'content')::jsonb ->> 'incident' AS uid, i.incident_key
    FROM correlate.incident i CROSS JOIN LATERAL jsonb_array_elements(i.decisions) c
    WHERE i.scope = $1::text AND i.decisions <> '[]' AND c ->> 'state' <> 'undone'
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
    FROM correlate.number m
    LEFT JOIN correlate.node d ON d.scope = m.scope AND d.node_key = m.node_key
    WHERE m.scope = $1::text AND (d.node_key IS NULL OR m.held_by IS NOT NULL
          OR d.incident_no IS NULL)
) w
WHERE n.scope = $1::text AND n.node_key = w.node_key AND n.held_by IS DISTINCT FROM w.held_by
