-- What came back?
-- The same alert, or the same words with numbers and names of things masked, opened or joined an incident again within `within`.
WITH settings AS (SELECT interval '30 days' AS within),
seen AS (
    SELECT e.scope, 'alert' AS by, e.source || ' ' || e.fingerprint AS what, e.incident, min(e.first_time) AS at
    FROM analyst.episodes e
    WHERE e.incident IS NOT NULL AND e.fingerprint IS NOT NULL
    GROUP BY e.scope, e.source, e.fingerprint, e.incident
    UNION ALL
    SELECT i.scope, 'title', i.title, i.incident, i.first_time FROM analyst.incidents i WHERE i.raised),
returned AS (
    SELECT w.*, lag(w.incident) OVER k AS before, w.at - lag(w.at) OVER k AS after
    FROM seen w WINDOW k AS (PARTITION BY w.scope, w.by, w.what ORDER BY w.at, w.incident))
SELECT r.by, r.what, r.incident, r.before, r.after
FROM returned r, settings s
WHERE r.after <= s.within
ORDER BY r.incident, r.by, r.what;
