-- Everything derived of a scope but its display numbers, before all of it is written anew in the same
-- transaction. Rows alone: readers go on with what they see, and nothing waits.
WITH entries AS (DELETE FROM correlate.entry WHERE scope = $1::text),
     members AS (DELETE FROM correlate.member WHERE scope = $1::text),
     milestones AS (DELETE FROM correlate.milestone WHERE scope = $1::text),
     incidents AS (DELETE FROM correlate.incident WHERE scope = $1::text RETURNING incident_key),
     deliveries AS (DELETE FROM correlate.delivery WHERE scope = $1::text),
     cursors AS (DELETE FROM correlate.cursor WHERE scope = $1::text),
     nodes AS (DELETE FROM correlate.node WHERE scope = $1::text RETURNING node_key)
INSERT INTO correlate.removed AS d (scope, kind, key, publication)
SELECT $1::text, g.kind, g.key, p.next
FROM (SELECT 'incident' AS kind, incident_key AS key FROM incidents
      UNION ALL SELECT 'node', node_key FROM nodes) g
CROSS JOIN (SELECT coalesce(max(last), 0) + 1 AS next FROM correlate.publication
            WHERE scope = $1::text) p
ON CONFLICT (scope, kind, key) DO UPDATE SET publication = excluded.publication
