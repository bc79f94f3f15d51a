-- Of each record the nearest of its series after it.
SELECT w.n, r.uid, r.ms, r.content
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, k text, f bigint, p text)
CROSS JOIN LATERAL (
    SELECT r.uid, r.ms, r.content FROM correlate.group_record r
    WHERE r.scope_no = $1::integer AND r.series = decode(w.k, 'hex') AND (r.ms, r.place) > (w.f, decode(w.p, 'hex'))
    ORDER BY r.ms, r.place LIMIT 1) r
ORDER BY w.n
