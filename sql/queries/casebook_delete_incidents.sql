-- $2: numbers as a JSON array.
WITH gone AS (SELECT r::bigint AS incident_no FROM jsonb_array_elements_text($2::jsonb) r),
     entries AS (DELETE FROM correlate.entry e USING gone g CROSS JOIN LATERAL (
                    SELECT x.ctid FROM correlate.entry x WHERE x.scope = $1::text AND x.incident_no = g.incident_no OFFSET 0) x
                WHERE e.ctid = x.ctid),
     milestones AS (DELETE FROM correlate.milestone m USING gone g CROSS JOIN LATERAL (
                    SELECT x.ctid FROM correlate.milestone x WHERE x.scope = $1::text AND x.incident_no = g.incident_no OFFSET 0) x
                WHERE m.ctid = x.ctid),
     members AS (DELETE FROM correlate.member m USING gone g CROSS JOIN LATERAL (
                    SELECT x.ctid FROM correlate.member x WHERE x.scope = $1::text AND x.incident_no = g.incident_no OFFSET 0) x
                WHERE m.ctid = x.ctid),
     incidents AS (DELETE FROM correlate.incident i USING gone g CROSS JOIN LATERAL (
                    SELECT x.ctid FROM correlate.incident x WHERE x.scope = $1::text AND x.incident_no = g.incident_no OFFSET 0) x
                WHERE i.ctid = x.ctid RETURNING i.incident_key)
INSERT INTO correlate.removed AS d (scope, kind, key, publication)
SELECT $1::text, 'incident', i.incident_key, p.next FROM incidents i
CROSS JOIN (SELECT coalesce(max(last), 0) + 1 AS next FROM correlate.publication
            WHERE scope = $1::text) p
ON CONFLICT (scope, kind, key) DO UPDATE SET publication = excluded.publication
