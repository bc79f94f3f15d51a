-- Attaching nodes that hang on nothing behind a place, in order, $3 at most.
SELECT w.n, g.first_ms, g.source, g.uid, g.last_ms, g.content, g.derived, g.component_ms, g.component_source,
       g.component_uid, g.label_text, g.root_ms, g.root_source, g.root_uid, g.reason, g.opens
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, t bigint, s text, u text)
CROSS JOIN LATERAL (
    SELECT g.* FROM correlate.group_node g
    WHERE g.scope_no = $1::integer AND NOT g.opens AND g.root_ms IS NULL AND g.label IS NULL AND (g.first_ms, g.source, g.uid) > (w.t, w.s COLLATE "C", w.u COLLATE "C")
    ORDER BY g.first_ms, g.source, g.uid
    LIMIT $3::bigint) g
ORDER BY w.n, g.first_ms, g.source, g.uid
