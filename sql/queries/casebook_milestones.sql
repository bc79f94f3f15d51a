SELECT milestone, (extract(epoch FROM event_time) * 1000000)::bigint * 1000, entry_id, confidence
FROM correlate.milestone
WHERE scope = $1::text AND incident_no = $2::bigint
ORDER BY rank, event_time, event_ns, entry_id COLLATE "C"
