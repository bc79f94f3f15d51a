-- Which incidents hold these records, also by what those were called before they were read again.
-- $1: [[place, uid], ...]; a row for each place and incident.
WITH asked AS (
    SELECT (r ->> 0)::bigint AS place, (r ->> 1)::uuid AS uid FROM jsonb_array_elements($1::jsonb) r
), named AS (
    SELECT a.place, a.uid, m.scope, m.incident_no
    FROM asked a JOIN correlate.member m ON m.uid = a.uid
    UNION
    SELECT a.place, a.uid, m.scope, m.incident_no
    FROM asked a
    JOIN correlate.renamed k ON k.former = a.uid
    JOIN correlate.member m ON m.uid = k.uid AND m.scope = k.scope
)
SELECT n.place, n.incident_no, count(DISTINCT n.uid)
FROM named n
GROUP BY n.place, n.incident_no
ORDER BY n.place, n.incident_no
