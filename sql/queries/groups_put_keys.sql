INSERT INTO correlate.group_key (scope_no, opens, key, first_ms, source, uid)
SELECT $1::integer, w.o, decode(w.k, 'hex'), w.t, w.s, w.u
FROM jsonb_to_recordset($2::jsonb) AS w(o boolean, k text, t bigint, s text, u text)
ON CONFLICT DO NOTHING
