-- Which stored incidents hold members of incidents that have another key now. $2: [[place, uid], ...].
SELECT (r ->> 0)::bigint AS place, m.incident_no, count(*) AS shared
FROM jsonb_array_elements($2::jsonb) r
JOIN correlate.member m ON m.uid = (r ->> 1)::uuid AND m.scope = $1::text
GROUP BY place, m.incident_no
ORDER BY shared DESC, m.incident_no, place
