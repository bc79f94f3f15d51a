-- $2: numbers as a JSON array.
WITH gone AS (SELECT r::bigint AS incident_no FROM jsonb_array_elements_text($2::jsonb) r),
     entries AS (DELETE FROM correlate.entry e USING gone g
                 WHERE e.scope = $1::text AND e.incident_no = g.incident_no),
     milestones AS (DELETE FROM correlate.milestone m USING gone g
                    WHERE m.scope = $1::text AND m.incident_no = g.incident_no),
     members AS (DELETE FROM correlate.member m USING gone g
                 WHERE m.scope = $1::text AND m.incident_no = g.incident_no),
     incidents AS (DELETE FROM correlate.incident i USING gone g
                   WHERE i.scope = $1::text AND i.incident_no = g.incident_no RETURNING i.incident_key)
INSERT INTO correlate.removed AS d (scope, kind, key, publication)
SELECT $1::text, 'incident', i.incident_key, p.next FROM incidents i
CROSS JOIN (SELECT coalesce(max(last), 0) + 1 AS next FROM correlate.publication
            WHERE scope = $1::text) p
ON CONFLICT (scope, kind, key) DO UPDATE SET publication = excluded.publication
