SELECT incident, count(*) AS records FROM analyst.members GROUP BY incident ORDER BY incident;
