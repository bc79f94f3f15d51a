INSERT INTO correlate.group_decision (scope_no, decision, content)
SELECT $1::integer, w.d, decode(w.c, 'hex') FROM jsonb_to_recordset($2::jsonb) AS w(d text, c text)
ON CONFLICT (scope_no, decision) DO UPDATE SET content = excluded.content
