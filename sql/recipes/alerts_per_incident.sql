-- How many alerts does one incident raise?
-- An alert that fires again within one incident is one.
WITH counted AS (
    SELECT i.month, i.service, i.incident, count(DISTINCT (e.source, e.fingerprint)) FILTER (WHERE e.node_key IS NOT NULL) AS alerts
    FROM analyst.incidents i
    LEFT JOIN analyst.episodes e ON e.scope = i.scope AND e.incident_key = i.incident_key
    WHERE i.raised
    GROUP BY i.month, i.service, i.incident)
SELECT month, service, count(*) AS incidents, percentile_disc(0.5) WITHIN GROUP (ORDER BY alerts) AS median,
       max(alerts) AS most, (array_agg(incident ORDER BY alerts DESC, incident))[1] AS most_in
FROM counted GROUP BY month, service ORDER BY month, service;
