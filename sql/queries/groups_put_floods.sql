INSERT INTO correlate.group_flood (scope_no, flood, scope, label_text, root_ms, root_source, root_uid, incident_key, records, cost_ms,
                                   stale, unsettled, waiting, waiting_first, waiting_last)
SELECT s.scope_no, decode(w.k, 'hex'), s.scope, w.e, w.t, w.s, w.u, w.i, w.r, w.c, w.o, w.b, w.w, nullif(w.f, 0), nullif(w.l, 0)
FROM jsonb_to_recordset($2::jsonb) AS w(k text, e text, t bigint, s text, u text, i text, r bigint, c bigint, o boolean, b boolean,
                                        w bigint, f bigint, l bigint)
JOIN correlate.group_scope s ON s.scope_no = $1::integer
ON CONFLICT (scope_no, flood) DO UPDATE
SET (incident_key, records, cost_ms, stale, unsettled, waiting, waiting_first, waiting_last) =
    (excluded.incident_key, excluded.records, excluded.cost_ms, excluded.stale, excluded.unsettled, excluded.waiting,
     excluded.waiting_first, excluded.waiting_last)
