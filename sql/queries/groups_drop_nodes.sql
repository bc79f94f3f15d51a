DELETE FROM correlate.group_node g
USING jsonb_to_recordset($2::jsonb) AS w(o boolean, t bigint, s text, u text)
WHERE g.scope_no = $1::integer AND g.opens = w.o AND g.first_ms = w.t AND g.source = w.s COLLATE "C" AND g.uid = w.u COLLATE "C"
