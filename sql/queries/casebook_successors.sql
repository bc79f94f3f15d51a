-- Which stored incidents hold members of incidents that have another key now, also by what those were
-- called before they were read again. $2: [[place, uid], ...].
WITH members AS (
    SELECT (r ->> 0)::bigint AS place, (r ->> 1)::uuid AS uid FROM jsonb_array_elements($2::jsonb) r
), names AS (
    SELECT place, uid FROM members
    UNION
    SELECT m.place, k.former
    FROM members m JOIN correlate.renamed k ON k.uid = m.uid AND k.scope = $1::text
)
SELECT n.place, m.incident_no, count(*) AS shared
FROM names n JOIN correlate.member m ON m.uid = n.uid AND m.scope = $1::text
GROUP BY n.place, m.incident_no
ORDER BY shared DESC, m.incident_no, n.place
