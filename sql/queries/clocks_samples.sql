-- Pairs of cause and effect of a time: the clock of the cause, that of the effect ('': the broker's),
-- and the time shown at the second less that at the first, in microseconds, with what the second was
-- cut to added. $1, $2: event time in microseconds, from (included) and to; null: no bound. $3:
-- streams whose Kafka time is the broker's clock. $4: at most so many.
WITH told AS MATERIALIZED (
    SELECT stream_id, event_time, kafka_time, attributes, trace_id,
           coalesce(nullif(host, ''), nullif(source, '')) AS clock,
           CASE precision WHEN 'd' THEN 86400000000 WHEN 'min' THEN 60000000 WHEN 's' THEN 1000000
                          WHEN 'ms' THEN 1000 ELSE 1 END AS unit
    FROM (SELECT stream_id, event_time, kafka_time, attributes, trace_id, host, source, precision, time_source
          FROM ingest.log
          UNION ALL
          SELECT stream_id, event_time, kafka_time, attributes, trace_id, host, source, precision, time_source
          FROM ingest.event) r
    WHERE time_source = 'native' AND event_time >= '1970-01-01Z' AND event_time < '2100-01-01Z'
      AND ($1::bigint IS NULL OR event_time >= '1970-01-01Z'::timestamptz + $1::bigint * interval '1 microsecond')
      AND ($2::bigint IS NULL OR event_time < '1970-01-01Z'::timestamptz + $2::bigint * interval '1 microsecond')
), span AS MATERIALIZED (
    SELECT DISTINCT clock, trace_id, unit, attributes ->> 'span_id' AS id, attributes ->> 'parent_span_id' AS parent,
           attributes ->> 'span_kind' AS kind, event_time AS begins,
           event_time + CASE WHEN attributes ->> 'duration_ms' ~ '^[0-9]{1,9}([.][0-9]{1,6})?$'
                             THEN (attributes ->> 'duration_ms')::numeric * interval '1 millisecond' END AS ends
    FROM told WHERE clock IS NOT NULL AND trace_id <> '' AND attributes ? 'span_id'
), pair AS (
    SELECT c.clock AS child, p.clock AS parent, c.begins - p.begins AS begun, c.unit, p.unit AS parent_unit,
           CASE WHEN p.kind = 'client' AND c.kind = 'server' THEN p.ends - c.ends END AS ended
    FROM span c JOIN span p ON p.trace_id = c.trace_id AND p.id = c.parent AND p.clock <> c.clock
), sample AS (
    SELECT clock AS "from", '' AS "to", kafka_time - event_time AS lag, 1000 AS unit
    FROM told WHERE clock IS NOT NULL AND stream_id = ANY ($3::bigint[]) AND kafka_time >= '1970-01-01Z'
                AND kafka_time < '2100-01-01Z'
    UNION ALL SELECT parent, child, begun, unit FROM pair
    UNION ALL SELECT child, parent, ended, parent_unit FROM pair WHERE ended IS NOT NULL
)
SELECT "from", "to", (extract(epoch FROM lag) * 1000000)::bigint + unit FROM sample LIMIT $4::bigint
