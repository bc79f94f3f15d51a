SELECT service, fingerprint, records, duration, previous_time, reason = 'opens' AS opens, incident
FROM analyst.episodes WHERE first_time >= '2026-03-03' AND first_time < '2026-03-04' ORDER BY first_time;
