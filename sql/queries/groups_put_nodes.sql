INSERT INTO correlate.group_node AS g (scope_no, opens, first_ms, source, uid, last_ms, alert, change, bounded, series, named, content, derived,
    component_ms, component_source, component_uid, label, label_text, root_ms, root_source, root_uid, reason)
SELECT $1::integer, w.o, w.t, w.s, w.u, w.l, w.a, w.h, w.b, decode(w.k, 'hex'), decode(w.e, 'hex'), decode(w.c, 'hex'), w.d, w.ct, w.cs, w.cu,
       decode(w.lk, 'hex'), w.lt, w.rt, w.rs, w.ru, w.r
FROM jsonb_to_recordset($2::jsonb) AS w(o boolean, t bigint, s text, u text, l bigint, a boolean, h boolean, b boolean, k text, e text, c text,
     d boolean, ct bigint, cs text, cu text, lk text, lt text, rt bigint, rs text, ru text, r text)
ON CONFLICT (scope_no, opens, first_ms, source, uid) DO UPDATE
SET (last_ms, alert, change, bounded, series, named, content, derived, component_ms, component_source, component_uid, label, label_text, root_ms, root_source, root_uid, reason) =
    (excluded.last_ms, excluded.alert, excluded.change, excluded.bounded, excluded.series, excluded.named, excluded.content, excluded.derived, excluded.component_ms,
     excluded.component_source, excluded.component_uid, excluded.label, excluded.label_text, excluded.root_ms,
     excluded.root_source, excluded.root_uid, excluded.reason)
