-- Do we get quicker, from month to month?
-- `change` is told where both months have enough incidents, and is null elsewhere.
WITH settings AS (SELECT 10 AS enough),
measured AS (
    SELECT d.month, m.rank, m.measure, m.took
    FROM analyst.durations d
    CROSS JOIN LATERAL (VALUES (1, 'detect', d.time_to_detect), (2, 'acknowledge', d.time_to_acknowledge),
                               (3, 'mitigate', d.time_to_mitigate), (4, 'recover', d.time_to_recover),
                               (5, 'resolve', d.time_to_resolve)) m(rank, measure, took)
    WHERE d.raised AND m.took IS NOT NULL),
months AS (
    SELECT rank, measure, month, count(*) AS n, percentile_disc(0.5) WITHIN GROUP (ORDER BY took) AS median
    FROM measured GROUP BY rank, measure, month)
SELECT m.measure, m.month, m.n, m.median, p.n AS n_before, m.median - p.median AS change
FROM months m
CROSS JOIN settings s
LEFT JOIN months p ON p.measure = m.measure AND p.month = m.month - interval '1 month' AND least(m.n, p.n) >= s.enough
ORDER BY m.rank, m.month;
