-- Whom does it wake?
-- `nights` are dates with something done or said between `night_begins` and `night_ends` in the session's time zone; an early morning
-- belongs to the evening before. List your people with their rotation; who is not listed is shown by name. In order of names: this
-- tells who may need rest.
WITH settings AS (SELECT time '22:00' AS night_begins, time '06:00' AS night_ends),
rotation(name, rotation) AS (VALUES ('somebody', 'payments'), ('somebody else', 'platform')),
acted AS (
    SELECT date_trunc('week', e.event_time)::date AS week, coalesce(r.rotation, e.actor) AS who, e.incident, e.event_time
    FROM analyst.entries e
    LEFT JOIN rotation r ON r.name = e.actor
    WHERE e.actor IS NOT NULL AND e.incident IS NOT NULL)
SELECT a.week, a.who, count(DISTINCT a.incident) AS incidents,
       count(DISTINCT (a.event_time - interval '12 hours')::date)
           FILTER (WHERE a.event_time::time >= s.night_begins OR a.event_time::time < s.night_ends) AS nights
FROM acted a, settings s
GROUP BY a.week, a.who ORDER BY a.week, a.who COLLATE "C";
