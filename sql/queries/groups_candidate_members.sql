-- The nodes that belong to these candidates.
SELECT c.node, c.candidate
FROM (SELECT DISTINCT k FROM jsonb_array_elements_text($2::jsonb) k) w
CROSS JOIN LATERAL (
    SELECT c.node, c.candidate FROM correlate.group_candidate c
    WHERE c.scope_no = $1::integer AND c.candidate = w.k COLLATE "C" OFFSET 0) c
ORDER BY c.node
