-- Files of a scope that were loaded, in order of their names. Numbers were written by whoever wrote to the topic:
-- what is none, or not plausible, is null. After the events come those read as lines of text, as JSON that nobody
-- knows, and by the source of their time in the order of include/hindcast/event.def.
SELECT file, outcome, look, said, first_time, last_time, n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10]
FROM analyst.files
CROSS JOIN LATERAL (
    SELECT array_agg(CASE WHEN jsonb_typeof(value) = 'number' THEN
                         CASE WHEN value::numeric BETWEEN 0 AND 1e12 THEN value::numeric::bigint END END ORDER BY place) AS n
    FROM unnest(ARRAY[attributes -> 'events', attributes -> 'formats' -> 'text', attributes -> 'formats' -> 'json',
                      attributes -> 'times' -> 'native', attributes -> 'times' -> 'assumed_zone',
                      attributes -> 'times' -> 'assumed_year', attributes -> 'times' -> 'assumed_date',
                      attributes -> 'times' -> 'inherited', attributes -> 'times' -> 'kafka',
                      attributes -> 'times' -> 'none']) WITH ORDINALITY AS x(value, place)) numbers
WHERE scope = $1::text ORDER BY file COLLATE "C" LIMIT 100000
