-- $2: keys as a JSON array.
WITH gone AS (SELECT jsonb_array_elements_text($2::jsonb) AS incident_key),
     entries AS (DELETE FROM correlate.entry e USING gone g
                 WHERE e.scope = $1::text AND e.incident_key = g.incident_key),
     milestones AS (DELETE FROM correlate.milestone m USING gone g
                    WHERE m.scope = $1::text AND m.incident_key = g.incident_key)
DELETE FROM correlate.incident i USING gone g
WHERE i.scope = $1::text AND i.incident_key = g.incident_key
