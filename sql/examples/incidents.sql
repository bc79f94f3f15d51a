SELECT incident, severity_band, services, duration, title
FROM analyst.incidents WHERE month = '2026-03-01' ORDER BY first_time;
