-- Of these nodes the candidates that they belong to.
SELECT c.node, c.candidate
FROM jsonb_array_elements_text($2::jsonb) AS w(k)
CROSS JOIN LATERAL (
    SELECT c.node, c.candidate FROM correlate.group_candidate c
    WHERE c.scope_no = $1::integer AND c.node = w.k COLLATE "C" LIMIT 1) c
ORDER BY c.node
