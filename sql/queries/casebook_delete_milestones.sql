-- $2: [{incident_no, ids}, ...]: all milestones that these incidents have now, as MILESTONE/ENTRY_ID.
WITH sent AS MATERIALIZED (
    SELECT r.incident_no, r.ids FROM jsonb_to_recordset($2::jsonb) AS r(incident_no bigint, ids text[])
), kept AS MATERIALIZED (
    SELECT s.incident_no, k.id FROM sent s CROSS JOIN unnest(s.ids) AS k(id)
)
DELETE FROM correlate.milestone m USING sent s
CROSS JOIN LATERAL (SELECT x.ctid, x.incident_no, x.milestone || '/' || x.entry_id AS id FROM correlate.milestone x
                    WHERE x.scope = $1::text AND x.incident_no = s.incident_no OFFSET 0) x
WHERE m.ctid = x.ctid AND (x.incident_no, x.id) NOT IN (SELECT incident_no, id FROM kept)
