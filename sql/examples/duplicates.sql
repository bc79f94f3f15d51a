SELECT format, count(*) AS events, sum(deliveries) AS deliveries, sum(duplicates) AS duplicates
FROM analyst.duplicates GROUP BY format ORDER BY format;
