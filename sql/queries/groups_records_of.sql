-- Records of series within times of each, in their order.
SELECT w.n, r.uid, r.ms, r.content
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, k text, f bigint, l bigint)
CROSS JOIN LATERAL (
    SELECT r.uid, r.ms, r.place, r.content FROM correlate.group_record r
    WHERE r.scope_no = $1::integer AND r.series = decode(w.k, 'hex') AND r.ms BETWEEN w.f AND w.l
    OFFSET 0) r
ORDER BY w.n, r.ms, r.place
