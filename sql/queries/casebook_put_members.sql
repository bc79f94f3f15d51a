-- $2: [{incident_no, ids}, ...]. Rows that did not change are left alone.
INSERT INTO correlate.member AS m (scope, uid, incident_no)
SELECT $1::text, k.id, r.incident_no
FROM jsonb_to_recordset($2::jsonb) AS r(incident_no bigint, ids uuid[])
CROSS JOIN unnest(r.ids) AS k(id)
ON CONFLICT (uid, scope) DO UPDATE SET incident_no = excluded.incident_no
WHERE m.incident_no <> excluded.incident_no
