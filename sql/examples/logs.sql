SELECT text, count(*) AS lines, count(DISTINCT host) AS hosts
FROM analyst.logs
WHERE service = 'checkout-api' AND event_time >= '2026-03-03 14:05Z' AND event_time < '2026-03-03 14:10Z' AND severity >= 13
GROUP BY text ORDER BY lines DESC, text;
