-- What was read: events by format and kind, with the span of their times.
SELECT format, kind, count(*), min(event_time), max(event_time)
FROM (SELECT format, 'log' AS kind, event_time FROM ingest.log
      UNION ALL
      SELECT format, kind, event_time FROM ingest.event) AS read
GROUP BY format, kind
ORDER BY count(*) DESC, format, kind
