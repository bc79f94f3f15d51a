DELETE FROM correlate.group_key key
USING jsonb_to_recordset($2::jsonb) AS w(o boolean, k text, t bigint, s text, u text)
WHERE key.scope_no = $1::integer AND key.opens = w.o AND key.key = decode(w.k, 'hex') AND key.first_ms = w.t
  AND key.source = w.s COLLATE "C" AND key.uid = w.u COLLATE "C"
