DELETE FROM correlate.group_record r
USING jsonb_to_recordset($2::jsonb) AS w(u text)
WHERE r.scope_no = $1::integer AND r.uid = w.u COLLATE "C"
