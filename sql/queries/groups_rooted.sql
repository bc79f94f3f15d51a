-- Nodes of the group of a node, and those that hang on it.
SELECT w.n, g.first_ms, g.source, g.uid, g.last_ms, g.content, g.derived, g.component_ms, g.component_source,
       g.component_uid, g.label_text, g.root_ms, g.root_source, g.root_uid, g.reason, g.opens
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, t bigint, s text, u text)
CROSS JOIN LATERAL (
    SELECT g.* FROM correlate.group_node g
    WHERE g.scope_no = $1::integer AND g.root_ms = w.t AND g.root_source = w.s COLLATE "C" AND g.root_uid = w.u COLLATE "C"
    OFFSET 0) g
ORDER BY w.n, g.first_ms, g.source, g.uid
