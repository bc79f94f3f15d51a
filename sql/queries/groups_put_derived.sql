-- Each row is found by its name, whatever PostgreSQL thinks of the tables, and then by its place.
UPDATE correlate.group_node g
SET (derived, component_ms, component_source, component_uid, label, label_text, root_ms, root_source, root_uid, reason) =
    (true, w.ct, w.cs, w.cu, decode(w.lk, 'hex'), w.lt, w.rt, w.rs, w.ru, w.r)
FROM jsonb_to_recordset($2::jsonb) AS w(o boolean, t bigint, s text, u text, ct bigint, cs text, cu text, lk text, lt text,
     rt bigint, rs text, ru text, r text)
CROSS JOIN LATERAL (
    SELECT x.ctid FROM correlate.group_node x
    WHERE x.scope_no = $1::integer AND x.opens = w.o AND x.first_ms = w.t AND x.source = w.s COLLATE "C" AND x.uid = w.u COLLATE "C"
    OFFSET 0) x
WHERE g.ctid = x.ctid
