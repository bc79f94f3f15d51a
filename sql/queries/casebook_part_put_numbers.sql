-- The same as casebook_put_numbers.sql of these incidents ($2, numbers as a JSON array) alone.
WITH fresh AS (
    SELECT i.incident_no, i.incident_key, i.first_time,
           extract(year FROM i.first_time AT TIME ZONE 'UTC')::integer AS year
    FROM jsonb_array_elements_text($2::jsonb) r
    CROSS JOIN LATERAL (SELECT x.* FROM correlate.incident x
                        WHERE x.scope = $1::text AND x.incident_no = r::bigint OFFSET 0) i
    WHERE i.raised AND i.number IS NULL
), years AS (
    INSERT INTO correlate.number_year AS y (year, last)
    SELECT f.year, count(*) + coalesce((SELECT max(m.number) FROM correlate.number m
                                        WHERE m.year = f.year), 0)
    FROM fresh f GROUP BY f.year ORDER BY f.year
    -- Above every number that is there, whatever the counter says.
    ON CONFLICT (year) DO UPDATE SET last = greatest(
        y.last + (SELECT count(*) FROM fresh f WHERE f.year = y.year), excluded.last)
    RETURNING year, last
), given AS (
    INSERT INTO correlate.number (scope, node_key, year, number, entry_id)
    SELECT $1::text, f.incident_key, f.year,
           y.last - count(*) OVER (PARTITION BY f.year)
           + row_number() OVER (PARTITION BY f.year ORDER BY f.first_time, f.incident_key COLLATE "C"),
           (SELECT e.entry_id FROM correlate.entry e
            WHERE e.scope = $1::text AND e.incident_no = f.incident_no
              AND e.node_key = f.incident_key
            ORDER BY e.event_time, e.event_ns, e.tie, e.entry_id COLLATE "C" LIMIT 1)
    FROM fresh f JOIN years y ON y.year = f.year
    RETURNING node_key, name
)
UPDATE correlate.incident i SET number = g.name
FROM given g
CROSS JOIN LATERAL (SELECT x.ctid FROM correlate.incident x
                    WHERE x.scope = $1::text AND x.incident_key = g.node_key OFFSET 0) x
WHERE i.ctid = x.ctid
