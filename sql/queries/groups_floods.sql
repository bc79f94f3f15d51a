-- Incidents of very many records, and what waits to be taken into them.
SELECT f.label_text, f.root_ms, f.root_source, f.root_uid, f.incident_key, f.records, f.cost_ms, f.stale, f.unsettled, f.waiting,
       coalesce(f.waiting_first, 0), coalesce(f.waiting_last, 0)
FROM correlate.group_flood f
WHERE f.scope_no = $1::integer
ORDER BY f.flood
