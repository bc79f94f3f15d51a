-- Records of any series within times of each.
SELECT w.n, r.uid, r.ms, r.content
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, f bigint, l bigint)
CROSS JOIN LATERAL (
    SELECT r.uid, r.ms, r.content FROM correlate.group_record r
    WHERE r.scope_no = $1::integer AND r.occurs AND r.ms BETWEEN w.f AND w.l
    OFFSET 0) r
ORDER BY w.n, r.ms, r.uid
