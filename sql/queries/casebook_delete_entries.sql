-- $2: [{incident_no, ids}, ...]: all entries that these incidents have now.
WITH sent AS MATERIALIZED (
    SELECT r.incident_no, r.ids FROM jsonb_to_recordset($2::jsonb) AS r(incident_no bigint, ids text[])
), kept AS MATERIALIZED (
    SELECT s.incident_no, k.id FROM sent s CROSS JOIN unnest(s.ids) AS k(id)
)
DELETE FROM correlate.entry e USING sent s
WHERE e.scope = $1::text AND e.incident_no = s.incident_no
  AND (e.incident_no, e.entry_id) NOT IN (SELECT incident_no, id FROM kept)
