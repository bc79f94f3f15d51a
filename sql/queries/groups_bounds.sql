-- Declarations whose bounds hold a time within. The box alone finds them, whatever other index a plan may think of.
SELECT w.n, g.first_ms, g.source, g.uid, g.last_ms, g.content, g.derived, g.component_ms, g.component_source,
       g.component_uid, g.label_text, g.root_ms, g.root_source, g.root_uid, g.reason, g.opens
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, f bigint, l bigint)
CROSS JOIN LATERAL (
    SELECT g.* FROM correlate.group_node g
    WHERE g.opens AND g.bounded
      AND box(point(g.scope_no, g.first_ms), point(g.scope_no, g.last_ms)) && box(point($1::integer, w.f), point($1::integer, w.l))
    OFFSET 0) g
WHERE g.scope_no = $1::integer AND g.first_ms <= w.l AND g.last_ms >= w.f
ORDER BY w.n, g.first_ms, g.source, g.uid
