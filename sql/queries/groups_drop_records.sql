-- Each row is found by its name, whatever PostgreSQL thinks of the tables, and then by its place.
DELETE FROM correlate.group_record r
USING jsonb_to_recordset($2::jsonb) AS w(u text)
CROSS JOIN LATERAL (
    SELECT x.ctid FROM correlate.group_record x WHERE x.scope_no = $1::integer AND x.uid = w.u COLLATE "C" OFFSET 0) x
WHERE r.ctid = x.ctid
