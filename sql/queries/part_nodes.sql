-- The nodes of incidents ($2, keys as a JSON array).
SELECT w.n - 1, d.node_key
FROM jsonb_array_elements_text($2::jsonb) WITH ORDINALITY AS w(k, n)
JOIN correlate.incident i ON i.scope = $1::text AND i.incident_key = w.k
JOIN correlate.node d ON d.scope = $1::text AND d.incident_no = i.incident_no
ORDER BY w.n, d.node_key COLLATE "C"
