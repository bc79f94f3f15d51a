-- The same of a scope by its name, of which something waits.
SELECT f.label_text, f.root_ms, f.root_source, f.root_uid, f.incident_key, f.records, f.cost_ms, f.stale, f.unsettled, f.waiting,
       coalesce(f.waiting_first, 0), coalesce(f.waiting_last, 0)
FROM correlate.group_flood f
WHERE f.scope = $1::text AND (f.waiting > 0 OR f.stale OR f.unsettled)
ORDER BY f.incident_key
