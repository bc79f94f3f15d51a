INSERT INTO correlate.group_record (scope_no, uid, series, ms, place, content)
SELECT $1::integer, w.u, decode(w.k, 'hex'), w.f, decode(w.p, 'hex'), decode(w.c, 'hex')
FROM jsonb_to_recordset($2::jsonb) AS w(u text, k text, f bigint, p text, c text)
ON CONFLICT (scope_no, uid) DO UPDATE
SET (series, ms, place, content) = (excluded.series, excluded.ms, excluded.place, excluded.content)
