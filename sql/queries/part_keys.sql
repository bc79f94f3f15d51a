-- The incidents that nodes ($2, keys as a JSON array) belong to.
SELECT w.n - 1, i.incident_key
FROM jsonb_array_elements_text($2::jsonb) WITH ORDINALITY AS w(k, n)
CROSS JOIN LATERAL (SELECT x.incident_no FROM correlate.node x
                    WHERE x.scope = $1::text AND x.node_key = w.k OFFSET 0) d
CROSS JOIN LATERAL (SELECT x.incident_key FROM correlate.incident x
                    WHERE x.scope = $1::text AND x.incident_no = d.incident_no OFFSET 0) i
