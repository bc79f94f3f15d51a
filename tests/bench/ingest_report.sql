-- build/bench/ingest.json out of what tests/bench/ingest_bench.sh noted. Ratios are taken within one
-- round, medians over the rounds.
CREATE TEMP TABLE result (
    round integer, name text, side text, rows float8, seconds float8, wall_us float8, own_us float8,
    postgres_us float8, background_us float8, broker_us float8, peak_kb float8);
\set load '\\copy result FROM ' :'results'
:load

CREATE TEMP VIEW side AS   -- the COPYs before and after an ingest count as one
SELECT round, name, side, sum(rows) AS rows, sum(rows) / sum(seconds) AS rate,
       sum(rows) / sum(wall_us) * 1e6 AS wall_rate, sum(own_us) / sum(rows) AS own_us,
       sum(postgres_us) / sum(rows) AS postgres_us, sum(background_us) / sum(rows) AS background_us,
       sum(broker_us) / sum(rows) AS broker_us, max(peak_kb) AS peak_kb,
       avg(rows) AS records, avg(seconds) AS seconds
FROM result GROUP BY round, name, side;

CREATE TEMP VIEW one AS
SELECT s.*, s.rate / copy.rate AS of_copy,
       s.rate / max(r.rate) OVER (PARTITION BY s.round) AS of_rsyslog
FROM side s
LEFT JOIN side copy ON copy.round = s.round AND copy.name = s.name AND copy.side = 'copy'
LEFT JOIN side r ON r.round = s.round AND r.side = 'rsyslog';

CREATE FUNCTION pg_temp.middle(float8[], integer) RETURNS numeric LANGUAGE sql AS $$
    SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY x)::numeric, $2) FROM unnest($1) AS x
$$;

CREATE TEMP VIEW cell AS
SELECT name, side, min(name || side) AS key, json_strip_nulls(json_build_object(
    'rows', max(records),
    'seconds', pg_temp.middle(array_agg(seconds), 3),
    'rows_per_second', pg_temp.middle(array_agg(rate), 0),
    'rows_per_second_with_start', pg_temp.middle(array_agg(wall_rate), 0),
    'ratio_to_copy', pg_temp.middle(array_agg(of_copy) FILTER (WHERE side = 'hindcast'), 3),
    'ratios_to_copy', json_agg(round(of_copy::numeric, 3) ORDER BY round)
                      FILTER (WHERE side = 'hindcast'),
    'times_best_rsyslog', pg_temp.middle(array_agg(of_rsyslog) FILTER (WHERE side = 'hindcast'), 1),
    'own_us', pg_temp.middle(array_agg(own_us), 2),
    'postgres_us', pg_temp.middle(array_agg(postgres_us), 2),
    'postgres_background_us', pg_temp.middle(array_agg(background_us), 2),
    'broker_us', pg_temp.middle(array_agg(broker_us), 2),
    'total_us', pg_temp.middle(array_agg(own_us + postgres_us + background_us + broker_us), 2),
    'peak_mb', round((max(peak_kb) FILTER (WHERE side <> 'copy') / 1024)::numeric, 1),
    'peak_mb_per_worker', round((max(peak_kb) FILTER (WHERE side = 'hindcast') / 1024
                                 / substring(name FROM '-(\d+)')::integer)::numeric, 1))) AS figures
FROM (SELECT DISTINCT * FROM one) one GROUP BY name, side;

SELECT jsonb_pretty(jsonb_build_object(
    'rounds', (SELECT max(round) FROM result),
    'partitions', :'partitions'::integer,
    'codec', :'codec',
    'record_bytes', jsonb_strip_nulls(jsonb_build_object(
        'ecs', nullif(:'ecs_bytes', '')::integer, 'syslog', nullif(:'syslog_bytes', '')::integer)),
    'log_partitions', (SELECT count(*) FROM pg_inherits WHERE inhparent = 'ingest.log'::regclass),
    'log_indexes', (SELECT jsonb_agg(pg_get_indexdef(indexrelid) ORDER BY 1) FROM pg_index
                    WHERE indrelid = 'ingest.log'::regclass),
    'postgres', (SELECT jsonb_object_agg(name, current_setting(name)) FROM pg_settings
                 WHERE name IN ('server_version', 'fsync', 'full_page_writes', 'synchronous_commit',
                                'wal_level', 'max_wal_size', 'shared_buffers', 'autovacuum',
                                'track_commit_timestamp', 'checkpoint_timeout')),
    'cases', (SELECT jsonb_object_agg(name, sides) FROM (
        SELECT name, jsonb_object_agg(side, figures) AS sides FROM cell GROUP BY name) c)));
