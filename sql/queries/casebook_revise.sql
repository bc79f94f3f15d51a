-- $2: numbers, as a JSON array, of incidents that were written: each that is another one than its last revision gets the next, with
-- what it became. Causes: what differs from the last revision; nearby: nothing of the incident itself, so records around it.
WITH config AS (
    SELECT c.config_digest FROM correlate.cursor n JOIN review.configuration c ON c.configuration_no = n.seq
    WHERE n.scope = $1::text AND n.stream_id = -1
), written AS MATERIALIZED (
    SELECT n.i, p.revision, p.member_digest, p.config_digest, p.head,
           (SELECT config_digest FROM config) AS configured
    FROM jsonb_array_elements_text($2::jsonb) r
    CROSS JOIN LATERAL (SELECT x AS i FROM correlate.incident x
                        WHERE x.scope = $1::text AND x.incident_no = r::bigint OFFSET 0) n
    LEFT JOIN LATERAL (SELECT v.* FROM review.revision v
                       WHERE v.scope = $1::text AND v.incident_no = (n.i).incident_no
                       ORDER BY v.revision DESC LIMIT 1) p ON true
    WHERE p.digest IS DISTINCT FROM (n.i).digest
), counted AS MATERIALIZED (
    SELECT (w.i).incident_no, count(*) FILTER (WHERE v.was IS NULL) AS added,
           count(*) FILTER (WHERE v.was IS NOT NULL AND e.entry_id IS NULL) AS removed,
           count(*) FILTER (WHERE v.was IS NOT NULL AND e.entry_id IS NOT NULL) AS changed
    FROM written w
    CROSS JOIN LATERAL (SELECT x.incident_no, x.entry_id, x.was FROM review.revision_entry x
                        WHERE x.scope = $1::text AND x.incident_no = (w.i).incident_no
                          AND x.revision = w.revision + 1 OFFSET 0) v
    LEFT JOIN LATERAL (SELECT x.entry_id FROM correlate.entry x
                       WHERE x.scope = $1::text AND x.incident_no = v.incident_no AND x.entry_id = v.entry_id
                       OFFSET 0) e ON true
    GROUP BY (w.i).incident_no
)
INSERT INTO review.revision (scope, incident_no, revision, causes, digest, member_digest, config_digest, head, milestones, added,
                             removed, changed)
SELECT $1::text, (w.i).incident_no, coalesce(w.revision, 0) + 1,
       CASE WHEN w.revision IS NULL THEN '{first}'
            ELSE coalesce(nullif(array_remove(ARRAY[
                CASE WHEN w.member_digest IS DISTINCT FROM (w.i).member_digest THEN 'records' END,
                CASE WHEN (w.head->>'declared')::boolean IS DISTINCT FROM (w.i).declared THEN 'declaration' END,
                CASE WHEN coalesce(w.head->'decisions', '[]') IS DISTINCT FROM (w.i).decisions THEN 'decision' END,
                CASE WHEN w.config_digest IS DISTINCT FROM w.configured AND w.config_digest IS NOT NULL THEN 'configuration' END], NULL), '{}'), '{nearby}') END,
       (w.i).digest, (w.i).member_digest, w.configured, review.head_of(w.i),
       review.milestones_of($1::text, (w.i).incident_no),
       CASE WHEN w.revision IS NULL THEN (w.i).entries ELSE coalesce(c.added, 0) END,
       coalesce(c.removed, 0), coalesce(c.changed, 0)
FROM written w LEFT JOIN counted c ON c.incident_no = (w.i).incident_no
