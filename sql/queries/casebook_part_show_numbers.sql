-- The same as casebook_show_numbers.sql of these incidents ($2, numbers as a JSON array) alone.
WITH incidents AS MATERIALIZED (
    SELECT r::bigint AS incident_no FROM jsonb_array_elements_text($2::jsonb) r
), nodes AS MATERIALIZED (
    SELECT d.incident_no, d.node_key
    FROM incidents i JOIN correlate.node d ON d.scope = $1::text AND d.incident_no = i.incident_no
), shown AS (
    SELECT DISTINCT ON (s.incident_no) s.incident_no, s.name
    FROM (SELECT d.incident_no, n.name, n.year, n.number
          FROM nodes d JOIN correlate.number n ON n.scope = $1::text AND n.node_key = d.node_key AND n.held_by IS NULL
          UNION ALL
          SELECT d.incident_no, n.name, n.year, n.number
          FROM nodes d JOIN correlate.number n ON n.scope = $1::text AND n.held_by = d.node_key) s
    ORDER BY s.incident_no, s.year, s.number
)
UPDATE correlate.incident i SET number = s.name
FROM incidents x LEFT JOIN shown s USING (incident_no)
WHERE i.scope = $1::text AND i.incident_no = x.incident_no AND i.number IS DISTINCT FROM s.name
