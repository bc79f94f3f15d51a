-- The same as casebook_show_numbers.sql of these incidents ($2, numbers as a JSON array) alone.
WITH incidents AS MATERIALIZED (
    SELECT r::bigint AS incident_no FROM jsonb_array_elements_text($2::jsonb) r
), nodes AS MATERIALIZED (
    SELECT d.incident_no, d.node_key
    FROM incidents i
    CROSS JOIN LATERAL (SELECT x.incident_no, x.node_key FROM correlate.node x
                        WHERE x.scope = $1::text AND x.incident_no = i.incident_no OFFSET 0) d
), shown AS (
    SELECT DISTINCT ON (s.incident_no) s.incident_no, s.name
    FROM (SELECT d.incident_no, n.name, n.year, n.number
          FROM nodes d
          CROSS JOIN LATERAL (SELECT x.* FROM correlate.number x
                              WHERE x.scope = $1::text AND x.node_key = d.node_key OFFSET 0) n
          WHERE n.held_by IS NULL
          UNION ALL
          SELECT d.incident_no, n.name, n.year, n.number
          FROM nodes d
          CROSS JOIN LATERAL (SELECT x.* FROM correlate.number x
                              WHERE x.scope = $1::text AND x.held_by = d.node_key OFFSET 0) n) s
    ORDER BY s.incident_no, s.year, s.number
)
UPDATE correlate.incident i SET number = s.name
FROM incidents w LEFT JOIN shown s USING (incident_no)
CROSS JOIN LATERAL (SELECT x.ctid FROM correlate.incident x
                    WHERE x.scope = $1::text AND x.incident_no = w.incident_no OFFSET 0) x
WHERE i.ctid = x.ctid AND i.number IS DISTINCT FROM s.name
