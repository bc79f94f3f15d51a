-- Decisions that no incident tells of: nodes of their own, those that were not correlated yet, and those that nobody could.
WITH told AS MATERIALIZED (
    SELECT i.scope, d.value ->> 'id' AS id
    FROM correlate.incident i, jsonb_array_elements(i.decisions) d
    WHERE i.decisions <> '[]'
), loose AS MATERIALIZED (
    SELECT n.scope, n.fingerprint AS id, n.title, n.reason
    FROM correlate.node n
    WHERE n.source = 'decided' AND n.declared AND n.records = 0 AND n.incident_no IS NULL
)
SELECT d.decision_id,
       coalesce(l.title, d.verb || ': ' || coalesce(d.content::jsonb ->> 'value', d.content::jsonb #>> '{rows,0,text}', d.target, '')),
       coalesce(l.reason, 'not correlated yet'), d.content
FROM review.decision d LEFT JOIN loose l ON l.scope = d.scope AND l.id = d.decision_id
WHERE l.id IS NOT NULL OR NOT EXISTS (SELECT FROM told t WHERE t.scope = d.scope AND t.id = d.decision_id)
ORDER BY d.content::jsonb ->> 'at' COLLATE "C", d.decision_id COLLATE "C", d.scope COLLATE "C"
