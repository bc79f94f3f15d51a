-- Attaching nodes that have a key and begin within.
SELECT w.n, g.first_ms, g.source, g.uid, g.last_ms, g.content, g.derived, g.component_ms, g.component_source,
       g.component_uid, g.label_text, g.root_ms, g.root_source, g.root_uid, g.reason, g.opens
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, k text, f bigint, l bigint)
CROSS JOIN LATERAL (
    SELECT key.first_ms, key.source, key.uid FROM correlate.group_key key
    WHERE key.scope_no = $1::integer AND NOT key.opens AND key.key = decode(w.k, 'hex') AND key.first_ms BETWEEN w.f AND w.l
    OFFSET 0) key
CROSS JOIN LATERAL (
    SELECT g.* FROM correlate.group_node g
    WHERE g.scope_no = $1::integer AND NOT g.opens AND g.first_ms = key.first_ms AND g.source = key.source AND g.uid = key.uid
    OFFSET 0) g
ORDER BY w.n, g.first_ms, g.source, g.uid
