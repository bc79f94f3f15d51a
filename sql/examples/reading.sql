SELECT kind, format, time_source, sum(events) AS events
FROM analyst.reading GROUP BY kind, format, time_source ORDER BY kind, format, time_source;
