-- build/bench/replay.json out of what tests/bench/replay.sh noted and found.
CREATE TEMP TABLE cost (
    side text, rows float8, seconds float8, wall_us float8, own_us float8, postgres_us float8,
    background_us float8, broker_us float8, peak_kb float8);
\set load '\\copy cost FROM ' :'costs'
:load
\set facts `cat :facts`

CREATE TEMP VIEW figure AS   -- the COPYs before and after the ingest count as one
SELECT side, sum(rows) / sum(seconds) AS rate, jsonb_build_object(
    'rows_per_second', round((sum(rows) / sum(seconds))::numeric),
    'rows_per_second_with_start', round((sum(rows) / sum(wall_us) * 1e6)::numeric),
    'own_us', round((sum(own_us) / sum(rows))::numeric, 2),
    'postgres_us', round((sum(postgres_us) / sum(rows))::numeric, 2),
    'postgres_background_us', round((sum(background_us) / sum(rows))::numeric, 2),
    'broker_us', round((sum(broker_us) / sum(rows))::numeric, 2),
    'peak_mb_per_worker', round((max(peak_kb) FILTER (WHERE side NOT LIKE 'copy%') / 1024 /
                                 :workers)::numeric, 1)) AS figures
FROM cost GROUP BY side;

SELECT jsonb_pretty(jsonb_strip_nulls(jsonb_build_object(
    'record_bytes', :bytes, 'workers', :workers,
    'ratio_to', (SELECT jsonb_object_agg(c.side, round((h.rate / c.rate)::numeric, 3))
                 FROM figure h, figure c WHERE h.side = 'hindcast' AND c.side LIKE 'copy%'),
    'sides', (SELECT jsonb_object_agg(side, figures) FROM figure)) || :'facts'::jsonb));
