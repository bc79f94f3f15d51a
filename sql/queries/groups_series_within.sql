-- Nodes of a series that begin within.
SELECT w.n, g.first_ms, g.source, g.uid, g.last_ms, g.content, g.derived, g.component_ms, g.component_source,
       g.component_uid, g.label_text, g.root_ms, g.root_source, g.root_uid, g.reason, g.opens
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, k text, f bigint, l bigint)
CROSS JOIN LATERAL (
    SELECT g.* FROM correlate.group_node g
    WHERE g.scope_no = $1::integer AND g.series = decode(w.k, 'hex') AND g.first_ms BETWEEN w.f AND w.l
    OFFSET 0) g
ORDER BY w.n, g.first_ms, g.source, g.uid
