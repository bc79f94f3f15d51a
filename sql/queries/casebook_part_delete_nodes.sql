-- $2: {"incidents": numbers, "nodes": keys that are there now, "gone": keys that are not}. Nodes that these
-- incidents held when they were saved last and that are not given now go, and so do those that are named; their keys.
WITH incidents AS MATERIALIZED (
    SELECT r::bigint AS incident_no FROM jsonb_array_elements_text($2::jsonb -> 'incidents') r
), named AS MATERIALIZED (
    SELECT k AS node_key FROM jsonb_array_elements_text($2::jsonb -> 'gone') k
    UNION
    SELECT n.node_key FROM incidents i
    CROSS JOIN LATERAL (SELECT x.node_key FROM correlate.node x
                        WHERE x.scope = $1::text AND x.incident_no = i.incident_no OFFSET 0) n
), gone AS (
    DELETE FROM correlate.node n USING named d
    CROSS JOIN LATERAL (SELECT x.ctid FROM correlate.node x
                        WHERE x.scope = $1::text AND x.node_key = d.node_key OFFSET 0) x
    WHERE n.ctid = x.ctid AND d.node_key NOT IN (SELECT jsonb_array_elements_text($2::jsonb -> 'nodes'))
    RETURNING n.node_key
), removed AS (
    INSERT INTO correlate.removed AS d (scope, kind, key, publication)
    SELECT $1::text, 'node', g.node_key, p.next FROM gone g
    CROSS JOIN (SELECT coalesce(max(last), 0) + 1 AS next FROM correlate.publication WHERE scope = $1::text) p
    ON CONFLICT (scope, kind, key) DO UPDATE SET publication = excluded.publication
)
SELECT node_key FROM gone
