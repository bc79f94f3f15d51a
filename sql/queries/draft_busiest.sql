-- The hour with the most warnings and messages of people: where to look for an incident.
SELECT date_trunc('hour', event_time, 'UTC'), count(*)
FROM (SELECT event_time FROM ingest.log WHERE severity >= 13 AND event_time > '-infinity'
      UNION ALL
      SELECT event_time FROM ingest.event WHERE kind IN ('chat', 'note', 'alert')
                                            AND event_time > '-infinity') AS notable
GROUP BY 1
ORDER BY count(*) DESC, 1
LIMIT 1
