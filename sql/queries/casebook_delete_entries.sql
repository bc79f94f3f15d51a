-- $2: [{incident_no, ids}, ...]: all entries that these incidents have now. What goes stays in the next revision.
WITH sent AS MATERIALIZED (
    SELECT r.incident_no, r.ids FROM jsonb_to_recordset($2::jsonb) AS r(incident_no bigint, ids text[])
), kept AS MATERIALIZED (
    SELECT s.incident_no, k.id FROM sent s CROSS JOIN unnest(s.ids) AS k(id)
), gone AS (
    DELETE FROM correlate.entry e USING sent s
    CROSS JOIN LATERAL (SELECT x.ctid, x.incident_no, x.entry_id FROM correlate.entry x
                        WHERE x.scope = $1::text AND x.incident_no = s.incident_no OFFSET 0) x
    WHERE e.ctid = x.ctid AND (x.incident_no, x.entry_id) NOT IN (SELECT incident_no, id FROM kept)
    RETURNING e.incident_no, e.entry_id, review.entry_was(e) AS was
), next AS MATERIALIZED (
    SELECT n.incident_no, review.next_revision($1::text, n.incident_no) AS revision
    FROM (SELECT DISTINCT incident_no FROM gone) n
)
INSERT INTO review.revision_entry (scope, incident_no, revision, entry_id, was)
SELECT $1::text, g.incident_no, n.revision, g.entry_id, g.was
FROM gone g JOIN next n USING (incident_no)
WHERE n.revision IS NOT NULL
