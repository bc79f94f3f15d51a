SELECT act, count(*) AS entries, min(event_time) AS first_time
FROM analyst.entries WHERE incident = 'INC-2026-0002' AND act IS NOT NULL GROUP BY act ORDER BY first_time;
