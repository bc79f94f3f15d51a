-- Numbers are given once and never taken back: an incident with a numbered node has its number.
WITH fresh AS (
    SELECT i.incident_key, i.first_time,
           extract(year FROM i.first_time AT TIME ZONE 'UTC')::integer AS year
    FROM correlate.incident i
    WHERE i.scope = $1::text AND i.raised AND NOT EXISTS (
        SELECT FROM correlate.node d
        JOIN correlate.number m ON m.scope = d.scope AND m.node_key = d.node_key
        WHERE d.scope = i.scope AND d.incident_key = i.incident_key)
)
INSERT INTO correlate.number (scope, node_key, year, number)
SELECT $1::text, f.incident_key, f.year,
       coalesce((SELECT max(m.number) FROM correlate.number m
                 WHERE m.scope = $1::text AND m.year = f.year), 0)
       + row_number() OVER (PARTITION BY f.year
                            ORDER BY f.first_time, f.incident_key COLLATE "C")
FROM fresh f
ON CONFLICT (scope, node_key) DO NOTHING
