-- The same as casebook_anchor_numbers.sql of nodes of these incidents ($2, numbers as a JSON array) alone.
UPDATE correlate.number n SET entry_id = w.entry_id
FROM jsonb_array_elements_text($2::jsonb) r
CROSS JOIN LATERAL (SELECT x.scope, x.incident_no, x.node_key FROM correlate.node x
                    WHERE x.scope = $1::text AND x.incident_no = r::bigint OFFSET 0) d
CROSS JOIN LATERAL (
    SELECT e.entry_id FROM correlate.entry e
    WHERE e.scope = d.scope AND e.incident_no = d.incident_no AND e.node_key = d.node_key
    ORDER BY e.event_time, e.event_ns, e.tie, e.entry_id COLLATE "C" LIMIT 1) w
CROSS JOIN LATERAL (SELECT x.ctid FROM correlate.number x
                    WHERE x.scope = $1::text AND x.node_key = d.node_key AND x.entry_id IS NULL OFFSET 0) x
WHERE n.ctid = x.ctid
