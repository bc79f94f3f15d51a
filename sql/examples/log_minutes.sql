SELECT minute, sum(lines) AS lines, sum(errors) AS errors
FROM analyst.log_minutes
WHERE scope = 'default' AND minute >= '2026-03-03 14:03Z' AND minute < '2026-03-03 14:08Z' GROUP BY minute ORDER BY minute;
