-- The columns are read by name, see include/hindcast/entry.def.
SELECT e.*, to_json(e.milestones) AS milestone_list
FROM correlate.entry e
WHERE e.scope = $1::text AND e.incident_no = $2::bigint
ORDER BY e.event_time, e.event_ns, e.tie, e.entry_id COLLATE "C"
