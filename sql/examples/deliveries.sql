SELECT format, outcome, decided_by, count(*) AS deliveries
FROM analyst.deliveries GROUP BY format, outcome, decided_by ORDER BY format, outcome, decided_by;
