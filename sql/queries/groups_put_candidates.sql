INSERT INTO correlate.group_candidate (scope_no, node, candidate)
SELECT $1::integer, w.n, w.c FROM jsonb_to_recordset($2::jsonb) AS w(n text, c text)
ON CONFLICT (scope_no, node) DO UPDATE SET candidate = excluded.candidate
