-- How long does it take to detect, acknowledge, mitigate, recover and resolve, by month, service and severity?
-- `median` and `p90` are times that one of the incidents took; of an even number the median is the lower of the two in the middle.
WITH measured AS (
    SELECT d.month, d.service, d.severity, d.severity_band, d.incident, m.rank, m.measure, m.took
    FROM analyst.durations d
    CROSS JOIN LATERAL (VALUES (1, 'detect', d.time_to_detect), (2, 'acknowledge', d.time_to_acknowledge),
                               (3, 'mitigate', d.time_to_mitigate), (4, 'recover', d.time_to_recover),
                               (5, 'resolve', d.time_to_resolve)) m(rank, measure, took)
    WHERE d.raised AND m.took IS NOT NULL)
SELECT month, service, severity_band AS severity, measure, count(*) AS n,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY took) AS median,
       percentile_disc(0.9) WITHIN GROUP (ORDER BY took) AS p90,
       array_agg(incident ORDER BY incident) AS incidents
FROM measured
GROUP BY month, service, severity_band, measure, rank
ORDER BY month, service, max(severity) DESC, rank;
