-- What became of the records that tests/bench/replay.sh sent: one JSON object.
-- :records is a file of stream, offset, number, set and form of each; the first three rows of each
-- set in each form go to the file :show, for people to read.
CREATE TEMP TABLE sent (stream_id bigint, record_offset bigint, number bigint, name text, form text);
\set load '\\copy sent FROM ' :'records'
:load

CREATE TEMP TABLE met AS
SELECT s.name, s.form, l.format, l.time_source, l.tableoid::regclass::text AS partition,
       l.host, l.service, l.severity, l.event_time, l.source_time_text, l.body, q.reason, s.number
FROM sent s
LEFT JOIN ingest.log l USING (stream_id, record_offset)
LEFT JOIN evidence.quarantine q USING (stream_id, record_offset);

CREATE TEMP VIEW cell AS   -- one set in one form
SELECT name, form, jsonb_build_object(
    'records', count(*),
    'rows', count(format),
    'quarantined', count(reason),
    'formats', (SELECT jsonb_object_agg(format, n) FROM (
        SELECT format, count(*) AS n FROM met i
        WHERE i.name = met.name AND i.form = met.form AND format IS NOT NULL GROUP BY 1) f),
    'time_sources', (SELECT jsonb_object_agg(time_source, n) FROM (
        SELECT time_source, count(*) AS n FROM met i
        WHERE i.name = met.name AND i.form = met.form AND format IS NOT NULL GROUP BY 1) f),
    'with_host', count(host), 'with_service', count(service),
    'with_severity', count(*) FILTER (WHERE severity > 0)) AS figures
FROM met GROUP BY name, form;

CREATE FUNCTION pg_temp.counts(query text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
BEGIN
    EXECUTE 'SELECT coalesce(jsonb_object_agg(key, n), ''{}'') FROM (' || query || ') AS c (key, n)'
    INTO answer;
    RETURN answer;
END
$$;

\o :show
SELECT name, form, coalesce(format, reason), time_source, to_char(event_time, 'YYYY-MM-DD HH24:MI:SS.US'),
       source_time_text, host, service, severity, left(body, 160)
FROM (SELECT *, row_number() OVER (PARTITION BY name, form ORDER BY number) AS n FROM met) m
WHERE n <= 3 ORDER BY name, form, number;
\o

SELECT jsonb_build_object(
    'ledger', (SELECT jsonb_agg(to_jsonb(l) - 'max_event_time' ORDER BY partition) FROM analyst.ledger l),
    'ledger_adds_up', (SELECT bool_and(adds_up) FROM analyst.ledger),
    'outcomes', (SELECT jsonb_build_object('stored', sum(stored), 'condensed', sum(condensed),
                 'empty', sum(empty), 'tombstones', sum(tombstones), 'quarantined', sum(quarantined))
                 FROM evidence.stream),
    'records_read_back', (SELECT count(*) FROM sent),
    'quarantine', pg_temp.counts('SELECT reason, count(*) FROM evidence.quarantine GROUP BY 1'),
    'events', (SELECT count(*) FROM ingest.event),
    'rows_by_form_and_format', pg_temp.counts(
        'SELECT form || '' as '' || format, count(*) FROM met WHERE format IS NOT NULL GROUP BY 1'),
    'rows_by_time_source', pg_temp.counts(
        'SELECT time_source, count(*) FROM met WHERE format IS NOT NULL GROUP BY 1'),
    'rows_by_partition', pg_temp.counts(
        'SELECT partition, count(*) FROM met WHERE format IS NOT NULL GROUP BY 1'),
    'log_partitions', (SELECT count(*) FROM evidence.partition WHERE parent = 'ingest.log'),
    'sets', (SELECT jsonb_object_agg(name, forms) FROM (
        SELECT name, jsonb_object_agg(form, figures) AS forms FROM cell GROUP BY name) c));
