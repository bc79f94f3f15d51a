-- How long incidents took, by measure and group: see include/hindcast/stats.h. $1: month, service, severity or null; $2, $3:
-- microseconds since 1970 that the start lies between, null: no bound. A median is that of the lower middle.
WITH chosen AS (
    SELECT d.*, CASE $1::text WHEN 'month' THEN to_char(d.month, 'YYYY-MM') WHEN 'service' THEN coalesce(d.service, '')
                              WHEN 'severity' THEN d.severity_band ELSE '' END AS part,
           CASE $1::text WHEN 'severity' THEN -d.severity ELSE 0 END AS rank
    FROM analyst.durations d
    JOIN analyst.incidents i ON i.scope = d.scope AND i.incident_key = d.incident_key
    WHERE d.raised
      AND ($2::bigint IS NULL OR i.started >= '1970-01-01Z'::timestamptz + $2::bigint * interval '1 microsecond')
      AND ($3::bigint IS NULL OR i.started < '1970-01-01Z'::timestamptz + $3::bigint * interval '1 microsecond')),
parts AS (SELECT part, count(*) AS incidents, min(rank) AS rank,
                 to_json(coalesce(array_agg(incident || ' (' || state || ')' ORDER BY incident) FILTER (WHERE not_resolved), '{}')) AS open
          FROM chosen GROUP BY part),
measured AS (
    SELECT c.part, m.measure, c.incident, (extract(epoch FROM m.took) * 1000000)::bigint AS us
    FROM chosen c
    CROSS JOIN LATERAL (VALUES (0, c.time_to_detect), (1, c.time_to_acknowledge), (2, c.time_to_mitigate), (3, c.time_to_recover),
                               (4, c.time_to_resolve)) m(measure, took)
    WHERE m.took IS NOT NULL),
told AS (
    SELECT part, measure, count(*) AS n, percentile_disc(0.5) WITHIN GROUP (ORDER BY us) * 1000 AS median,
           percentile_disc(0.9) WITHIN GROUP (ORDER BY us) * 1000 AS p90, max(us) * 1000 AS longest,
           (array_agg(incident ORDER BY us DESC, incident))[1] AS longest_in,
           to_json(ARRAY(SELECT count(us) FILTER (WHERE us >= b.least * 1000000::bigint AND us < b.below * 1000000::bigint)
                         FROM unnest(array_agg(us)) u(us)
                         CROSS JOIN (VALUES (1, 0, 60), (2, 60, 300), (3, 300, 900), (4, 900, 3600), (5, 3600, 14400),
                                            (6, 14400, 86400), (7, 86400, 9000000000)) b(place, least, below)
                         GROUP BY b.place ORDER BY b.place)) AS spread,
           to_json(array_agg(incident ORDER BY incident)) AS incidents
    FROM measured GROUP BY part, measure)
SELECT p.part, p.incidents, k.measure, coalesce(t.n, 0), t.median, t.p90, t.longest, t.longest_in, coalesce(t.spread, '[]'),
       coalesce(t.incidents, '[]'), p.open
FROM parts p
CROSS JOIN generate_series(0, 4) k(measure)
LEFT JOIN told t ON t.part = p.part AND t.measure = k.measure
ORDER BY p.rank, p.part COLLATE "C", k.measure
