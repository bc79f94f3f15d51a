-- build/bench/readers.json out of what tests/bench/readers.sh noted. A ratio is the rate beside readers over the mean of those
-- alone before and after it; medians over the rounds.
CREATE TEMP TABLE result (place integer GENERATED ALWAYS AS IDENTITY, round integer, side text, rows float8, seconds float8,
                          answers float8, median_ms float8, p90_ms float8);
\set load '\\copy result (round, side, rows, seconds, answers, median_ms, p90_ms) FROM ' :'results'
:load

CREATE TEMP VIEW measured AS
SELECT *, rows / seconds AS rate,
       2 * rows / seconds / (lag(rows / seconds) OVER (ORDER BY place) + lead(rows / seconds) OVER (ORDER BY place)) AS ratio
FROM result WHERE round > 0;

CREATE FUNCTION pg_temp.middle(float8[], integer) RETURNS numeric LANGUAGE sql AS $$
    SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY x)::numeric, $2) FROM unnest($1) AS x
$$;

SELECT jsonb_pretty(jsonb_build_object(
    'rounds', (SELECT max(round) FROM result), 'records', :'records'::integer, 'readers', :'readers'::integer,
    'incidents', :'incidents'::integer, 'questions', :'questions'::integer,
    'sides', (SELECT jsonb_object_agg(side, figures) FROM (
        SELECT side, jsonb_strip_nulls(jsonb_build_object(
            'rows_per_second', pg_temp.middle(array_agg(rate), 0),
            'ratio_to_alone', CASE WHEN side <> 'alone' THEN pg_temp.middle(array_agg(ratio), 3) END,
            'ratios_to_alone', CASE WHEN side <> 'alone' THEN jsonb_agg(round(ratio::numeric, 3) ORDER BY round) END,
            'answers_per_second', CASE WHEN side <> 'alone' THEN pg_temp.middle(array_agg(answers), 1) END,
            'answer_median_ms', CASE WHEN side <> 'alone' THEN pg_temp.middle(array_agg(median_ms), 1) END,
            'answer_p90_ms', CASE WHEN side <> 'alone' THEN pg_temp.middle(array_agg(p90_ms), 1) END)) AS figures
        FROM measured GROUP BY side) sides)));
