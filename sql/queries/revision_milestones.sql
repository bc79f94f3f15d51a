-- The columns of casebook_milestones.sql, of revision $3.
SELECT m.milestone, (extract(epoch FROM m.event_time) * 1000000)::bigint * 1000, m.entry_id, m.confidence
FROM review.revision r
CROSS JOIN jsonb_to_recordset(r.milestones) m(milestone text, event_time timestamptz, event_ns smallint, entry_id text,
     rank integer, confidence smallint)
WHERE r.scope = $1::text AND r.incident_no = $2::bigint AND r.revision = $3::integer
ORDER BY m.rank, m.event_time, m.event_ns, m.entry_id COLLATE "C"
