DELETE FROM correlate.group_flood f
USING jsonb_to_recordset($2::jsonb) AS w(k text)
WHERE f.scope_no = $1::integer AND f.flood = decode(w.k, 'hex')
