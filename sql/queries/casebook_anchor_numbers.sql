-- A number that does not know the entry it was given for learns it from its node, once that has one.
UPDATE correlate.number n SET entry_id = w.entry_id
FROM correlate.node d
CROSS JOIN LATERAL (
    SELECT e.entry_id FROM correlate.entry e
    WHERE e.scope = d.scope AND e.incident_no = d.incident_no AND e.node_key = d.node_key
    ORDER BY e.event_time, e.event_ns, e.tie, e.entry_id COLLATE "C" LIMIT 1) w
WHERE n.scope = $1::text AND n.entry_id IS NULL AND d.scope = n.scope AND d.node_key = n.node_key
  AND d.incident_no IS NOT NULL
