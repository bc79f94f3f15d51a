DELETE FROM correlate.group_candidate c
USING jsonb_to_recordset($2::jsonb) AS w(n text)
WHERE c.scope_no = $1::integer AND c.node = w.n COLLATE "C"
