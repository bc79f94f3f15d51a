-- The columns are read by name, see include/hindcast/entry.def.
SELECT e.*, to_json(e.milestones) AS milestone_list
FROM correlate.entry e
WHERE scope = $1::text AND incident_key = $2::text
ORDER BY position
