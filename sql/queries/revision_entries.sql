-- Entries as they were at revision $3: those that no later one touched, and the others as the first later one found them.
WITH touched AS (
    SELECT DISTINCT ON (v.entry_id) v.entry_id, v.was
    FROM review.revision_entry v
    WHERE v.scope = $1::text AND v.incident_no = $2::bigint AND v.revision > $3::integer
    ORDER BY v.entry_id, v.revision
), rows AS (
    SELECT e.* FROM correlate.entry e
    WHERE e.scope = $1::text AND e.incident_no = $2::bigint
      AND NOT EXISTS (SELECT FROM touched t WHERE t.entry_id = e.entry_id)
    UNION ALL
    SELECT (jsonb_populate_record(NULL::correlate.entry, t.was)).* FROM touched t WHERE t.was IS NOT NULL
)
SELECT e.*, to_json(e.milestones) AS milestone_list
FROM rows e
ORDER BY e.event_time, e.event_ns, e.tie, e.entry_id COLLATE "C"
