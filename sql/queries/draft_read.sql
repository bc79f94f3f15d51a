-- What was read: events by format and kind, with the span of their times, and how many have none.
SELECT format, kind, count(*), min(event_time) FILTER (WHERE event_time > '-infinity'),
       max(event_time) FILTER (WHERE event_time > '-infinity'),
       count(*) FILTER (WHERE event_time = '-infinity' AND NOT person)
FROM (SELECT format, 'log' AS kind, event_time, false AS person FROM ingest.log
      UNION ALL
      SELECT format, kind, event_time, record_kind IS NOT DISTINCT FROM 'person' FROM ingest.event
      WHERE record_kind IS DISTINCT FROM 'manifest') AS read
GROUP BY format, kind
ORDER BY count(*) DESC, format, kind
