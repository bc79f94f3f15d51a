-- Records by what identifies them.
SELECT w.n, r.uid, r.ms, r.content
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, u text)
CROSS JOIN LATERAL (
    SELECT r.uid, r.ms, r.content FROM correlate.group_record r
    WHERE r.scope_no = $1::integer AND r.uid = w.u COLLATE "C" LIMIT 1) r
ORDER BY w.n
