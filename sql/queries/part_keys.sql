-- The incidents that nodes ($2, keys as a JSON array) belong to.
SELECT w.n - 1, i.incident_key
FROM jsonb_array_elements_text($2::jsonb) WITH ORDINALITY AS w(k, n)
JOIN correlate.node d ON d.scope = $1::text AND d.node_key = w.k
JOIN correlate.incident i ON i.scope = $1::text AND i.incident_no = d.incident_no
