-- Records of a series within a time, in their order.
SELECT w.n, r.uid, r.ms, r.content
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, k text, f bigint, l bigint)
CROSS JOIN LATERAL (
    SELECT r.uid, r.ms, r.place, r.content FROM correlate.group_record r
    WHERE r.scope_no = $1::integer AND r.series = decode(w.k, 'hex') AND r.ms BETWEEN w.f AND w.l
    ORDER BY r.ms, r.place LIMIT $3::bigint) r
ORDER BY w.n, r.ms, r.place
