-- Each row is found by its name, whatever PostgreSQL thinks of the tables, and then by its place.
DELETE FROM correlate.group_key key
USING jsonb_to_recordset($2::jsonb) AS w(o boolean, k text, t bigint, s text, u text)
CROSS JOIN LATERAL (
    SELECT x.ctid FROM correlate.group_key x
    WHERE x.scope_no = $1::integer AND x.opens = w.o AND x.key = decode(w.k, 'hex') AND x.first_ms = w.t
      AND x.source = w.s COLLATE "C" AND x.uid = w.u COLLATE "C"
    OFFSET 0) x
WHERE key.ctid = x.ctid
