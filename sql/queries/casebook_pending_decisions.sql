-- What people decided of an incident ($1: scope, $2: incident_no) since it was correlated: no incident and no node tells of
-- it. An undo belongs to what it takes back.
WITH RECURSIVE told AS MATERIALIZED (
    SELECT d.value ->> 'id' AS id
    FROM correlate.incident i, jsonb_array_elements(i.decisions) d
    WHERE i.scope = $1::text AND i.decisions <> '[]'
    UNION ALL
    SELECT n.fingerprint FROM correlate.node n
    WHERE n.scope = $1::text AND n.source = 'decided' AND n.declared AND n.records = 0 AND n.incident_no IS NULL
), pending AS MATERIALIZED (
    SELECT d.decision_id, d.verb, d.target, d.content, (d.content::jsonb ->> 'incident')::uuid AS uid
    FROM review.decision d
    WHERE d.scope = $1::text AND NOT EXISTS (SELECT FROM told WHERE told.id = d.decision_id)
), about AS (
    (SELECT d.value ->> 'id' AS id
     FROM correlate.incident i, jsonb_array_elements(i.decisions) d
     WHERE i.scope = $1::text AND i.incident_no = $2::bigint
     UNION ALL
     SELECT p.decision_id FROM pending p
     WHERE EXISTS (SELECT FROM correlate.member m
                   WHERE m.scope = $1::text AND m.incident_no = $2::bigint AND m.uid = p.uid))
    UNION
    SELECT p.decision_id FROM about a JOIN pending p ON p.verb = 'undo' AND p.target = a.id
)
SELECT p.content FROM pending p WHERE p.decision_id IN (SELECT id FROM about) ORDER BY p.decision_id COLLATE "C"
