-- Which alerts did nobody act on?
-- Nobody took, passed on or noted them at the source, or spoke or acted in their incident while they fired: candidates to be
-- deleted, or to page somebody.
SELECT rule, service, count(*) AS alerts, count(*) FILTER (WHERE NOT acted_on) AS unattended,
       max(fired_at) FILTER (WHERE NOT acted_on) AS last_unattended
FROM analyst.alerts
GROUP BY rule, service
HAVING count(*) FILTER (WHERE NOT acted_on) > 0
ORDER BY unattended DESC, rule, service;
