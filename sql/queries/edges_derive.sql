-- Which service called which, in the records of a time: a span whose parent is a span of another
-- service, and fields that name the other end of a dependency. Rows: from, to, how many spans and
-- records say so. Deliveries of one span count once.
-- $1, $2: event time, from (included) and to; null: no bound. $3: fields that name who is called,
-- $4: fields that name who calls; these stand at the top of the attributes or in their labels.
WITH told AS MATERIALIZED (
    SELECT l.scope, l.service, l.trace_id, l.attributes,
           coalesce(l.uid::text, l.stream_id || '/' || l.record_offset || '/' || l.idx) AS name
    FROM ingest.log l
    WHERE l.attributes IS NOT NULL AND l.service <> ''
      AND l.event_time >= coalesce('1970-01-01Z'::timestamptz + $1::bigint * interval '1 microsecond', '-infinity') AND l.event_time < coalesce('1970-01-01Z'::timestamptz + $2::bigint * interval '1 microsecond', 'infinity')
    UNION ALL
    SELECT e.scope, e.service, e.trace_id, e.attributes, e.uid::text FROM ingest.event e
    WHERE e.attributes IS NOT NULL AND e.service <> ''
      AND e.event_time >= coalesce('1970-01-01Z'::timestamptz + $1::bigint * interval '1 microsecond', '-infinity') AND e.event_time < coalesce('1970-01-01Z'::timestamptz + $2::bigint * interval '1 microsecond', 'infinity')
), span AS MATERIALIZED (
    SELECT DISTINCT scope, trace_id, service,
           coalesce(attributes ->> 'span_id', attributes ->> 'spanId', attributes ->> 'span.id') AS id,
           coalesce(attributes ->> 'parent_span_id', attributes ->> 'parentSpanId', attributes ->> 'parent.id') AS parent
    FROM told WHERE trace_id <> '' AND attributes ?| ARRAY['span_id', 'spanId', 'span.id']
), named AS (
    SELECT t.service, t.name, f.called, v.value
    FROM told t
    CROSS JOIN LATERAL (VALUES (t.attributes), (t.attributes -> 'labels')) o (fields)
    CROSS JOIN LATERAL (SELECT field, true FROM unnest($3::text[]) field
                        UNION ALL SELECT field, false FROM unnest($4::text[]) field) f (field, called)
    CROSS JOIN LATERAL (
        SELECT o.fields ->> f.field WHERE jsonb_typeof(o.fields -> f.field) = 'string'
        UNION ALL
        SELECT x #>> '{}' FROM jsonb_array_elements(CASE jsonb_typeof(o.fields -> f.field)
                                                    WHEN 'array' THEN o.fields -> f.field ELSE '[]' END) x
        WHERE jsonb_typeof(x) = 'string') v (value)
    WHERE jsonb_typeof(o.fields) = 'object' AND o.fields ? f.field
), edge AS (
    SELECT p.service AS "from", c.service AS "to", c.trace_id || ' ' || c.id AS what
    FROM span c JOIN span p ON p.scope = c.scope AND p.trace_id = c.trace_id AND p.id = c.parent
    UNION ALL
    SELECT CASE WHEN called THEN service ELSE value END, CASE WHEN called THEN value ELSE service END, name
    FROM named
)
SELECT "from", "to", count(DISTINCT what)
FROM edge WHERE "from" <> "to" AND btrim("from") <> '' AND btrim("to") <> ''
GROUP BY "from", "to" ORDER BY "from" COLLATE "C", "to" COLLATE "C"
