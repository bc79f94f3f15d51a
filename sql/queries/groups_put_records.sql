INSERT INTO correlate.group_record (scope_no, uid, series, ms, place, content, occurs, lines)
SELECT $1::integer, w.u, decode(w.k, 'hex'), w.f, decode(w.p, 'hex'), decode(w.c, 'hex'), w.o, decode(w.s, 'hex')
FROM jsonb_to_recordset($2::jsonb) AS w(u text, k text, f bigint, p text, c text, o boolean, s text)
ON CONFLICT (scope_no, uid) DO UPDATE
SET (series, ms, place, content, occurs, lines) =
    (excluded.series, excluded.ms, excluded.place, excluded.content, excluded.occurs, excluded.lines)
