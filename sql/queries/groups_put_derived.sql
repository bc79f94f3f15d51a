UPDATE correlate.group_node g
SET (derived, component_ms, component_source, component_uid, label, label_text, root_ms, root_source, root_uid, reason) =
    (true, w.ct, w.cs, w.cu, decode(w.lk, 'hex'), w.lt, w.rt, w.rs, w.ru, w.r)
FROM jsonb_to_recordset($2::jsonb) AS w(o boolean, t bigint, s text, u text, ct bigint, cs text, cu text, lk text, lt text,
     rt bigint, rs text, ru text, r text)
WHERE g.scope_no = $1::integer AND g.opens = w.o AND g.first_ms = w.t AND g.source = w.s COLLATE "C" AND g.uid = w.u COLLATE "C"
