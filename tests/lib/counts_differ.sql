-- How many counts are not those of the rows, and how many streams whose counts do not add up to the ledger.
-- For stores from which retention removed nothing.
WITH rows AS (
    SELECT stream_id, scope, service, 'log' AS kind, severity, event_time, format, time_source FROM ingest.log
    UNION ALL
    SELECT stream_id, scope, service, 'log', severity, event_time, format, time_source FROM ingest.log_kept
    UNION ALL
    SELECT stream_id, scope, service, CASE record_kind WHEN 'manifest' THEN 'manifest' ELSE kind END, severity,
           event_time, format, time_source FROM ingest.event
), minutes AS (
    SELECT scope, date_bin('1 minute', event_time, '1970-01-01 00:00+00') AS minute, coalesce(service, '') AS service,
           kind, severity, count(*) AS events
    FROM rows WHERE event_time > '-infinity' GROUP BY 1, 2, 3, 4, 5
), readings AS (
    SELECT cluster_id, topic, incarnation, partition, kind, coalesce(format, '') AS format,
           coalesce(time_source, '') AS time_source, count(*) AS events
    FROM (SELECT stream_id, kind, format, time_source FROM rows
          UNION ALL
          SELECT stream_id, 'quarantined', format_guess, NULL FROM evidence.quarantine) r
    JOIN evidence.stream USING (stream_id)
    GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT (SELECT count(*) FROM minutes m
        FULL JOIN (SELECT scope, minute, coalesce(service, '') AS service, kind, severity, events FROM analyst.minutes) c
            USING (scope, minute, service, kind, severity)
        WHERE m.events IS DISTINCT FROM c.events)
     + (SELECT count(*) FROM readings r
        FULL JOIN (SELECT cluster_id, topic, incarnation, partition, kind, coalesce(format, '') AS format,
                          coalesce(time_source, '') AS time_source, events FROM analyst.reading) c
            USING (cluster_id, topic, incarnation, partition, kind, format, time_source)
        WHERE r.events IS DISTINCT FROM c.events)
     + (SELECT count(*) FROM evidence.stream s
        LEFT JOIN (SELECT cluster_id, topic, incarnation, partition,
                          coalesce(sum(events) FILTER (WHERE kind <> 'quarantined'), 0) AS events,
                          coalesce(sum(events) FILTER (WHERE kind = 'quarantined'), 0) AS quarantined
                   FROM analyst.reading GROUP BY 1, 2, 3, 4) c USING (cluster_id, topic, incarnation, partition)
        WHERE s.events <> coalesce(c.events, 0) OR s.quarantined <> coalesce(c.quarantined, 0))
