-- Of opening nodes that begin within, the first and the last of each half day: whether any begins within a day of a time is told by them.
SELECT w.n, g.first_ms, g.source, g.uid, g.last_ms, g.content, g.derived, g.component_ms, g.component_source,
       g.component_uid, g.label_text, g.root_ms, g.root_source, g.root_uid, g.reason, g.opens
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, f bigint, l bigint)
CROSS JOIN LATERAL generate_series(floor(w.f / 43200000.0)::bigint, floor(w.l / 43200000.0)::bigint) AS half
CROSS JOIN LATERAL (
    (SELECT g.* FROM correlate.group_node g
     WHERE g.scope_no = $1::integer AND g.opens
       AND g.first_ms BETWEEN greatest(w.f, half * 43200000) AND least(w.l, half * 43200000 + 43199999)
     ORDER BY g.first_ms, g.source, g.uid LIMIT 1)
    UNION
    (SELECT g.* FROM correlate.group_node g
     WHERE g.scope_no = $1::integer AND g.opens
       AND g.first_ms BETWEEN greatest(w.f, half * 43200000) AND least(w.l, half * 43200000 + 43199999)
     ORDER BY g.first_ms DESC, g.source DESC, g.uid DESC LIMIT 1)) g
ORDER BY w.n, g.first_ms, g.source, g.uid
