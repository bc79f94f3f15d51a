-- Which alerts flap?
-- They fired and were over at least `times` times within one hour.
WITH settings AS (SELECT 3 AS times),
runs AS (
    SELECT a.scope, a.rule, a.service, a.fingerprint, a.fired_at,
           count(*) OVER (PARTITION BY a.scope, a.source, a.fingerprint ORDER BY a.fired_at
                          RANGE BETWEEN interval '1 hour' PRECEDING AND CURRENT ROW) AS lately
    FROM analyst.alerts a
    WHERE a.resolved_at IS NOT NULL AND a.fingerprint IS NOT NULL)
SELECT r.rule, r.service, r.fingerprint, max(r.lately) AS most_within, min(r.fired_at) AS first_fired, max(r.fired_at) AS last_fired
FROM runs r, settings s
GROUP BY r.scope, r.rule, r.service, r.fingerprint, s.times
HAVING max(r.lately) >= s.times
ORDER BY most_within DESC, rule, service, fingerprint;
