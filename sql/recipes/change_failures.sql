-- Which deployments were followed by an incident?
-- An incident follows a deployment of one of its services when its first sign comes within `within` of its end. `failure_rate`
-- is told of enough deployments. A service `shop/api` is the `api` of an incident, too. What follows need not be caused by the
-- deployment: open the incidents.
WITH settings AS (SELECT interval '1 hour' AS within, 10 AS enough),
deployed AS (
    SELECT c.month, c.scope, c.uid, c.service, c.reverted_at - coalesce(c.finished_at, c.event_time) AS back,
           (SELECT array_agg(i.incident ORDER BY i.incident) FROM analyst.incidents i
            WHERE i.scope = c.scope AND i.raised AND i.services && ARRAY[c.service, regexp_replace(c.service, '^.*/', '')]
              AND i.first_time >= coalesce(c.finished_at, c.event_time)
              AND i.first_time < coalesce(c.finished_at, c.event_time) + s.within) AS followed_by
    FROM analyst.changes c, settings s
    WHERE c.kind = 'deploy' AND c.outcome IS DISTINCT FROM 'failed' AND c.outcome IS DISTINCT FROM 'cancelled')
SELECT d.month, d.service, count(*) AS deployments, count(d.followed_by) AS followed,
       CASE WHEN count(*) >= s.enough THEN round(count(d.followed_by)::numeric / count(*), 2) END AS failure_rate,
       count(d.back) AS taken_back, percentile_disc(0.5) WITHIN GROUP (ORDER BY d.back) AS median_until_back,
       (SELECT array_agg(DISTINCT f.incident ORDER BY f.incident)
        FROM unnest(string_to_array(string_agg(array_to_string(d.followed_by, ','), ','), ',')) f(incident)) AS incidents
FROM deployed d, settings s
GROUP BY d.month, d.service, s.enough
ORDER BY d.month, d.service;
