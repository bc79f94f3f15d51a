-- The nodes of incidents ($2, keys as a JSON array).
SELECT w.n - 1, d.node_key
FROM jsonb_array_elements_text($2::jsonb) WITH ORDINALITY AS w(k, n)
CROSS JOIN LATERAL (SELECT x.incident_no FROM correlate.incident x
                    WHERE x.scope = $1::text AND x.incident_key = w.k OFFSET 0) i
CROSS JOIN LATERAL (SELECT x.node_key FROM correlate.node x
                    WHERE x.scope = $1::text AND x.incident_no = i.incident_no OFFSET 0) d
ORDER BY w.n, d.node_key COLLATE "C"
