-- Which rules make most of the noise?
-- `firings` are records, `alerts` occurrences; `in_incidents` of them are in an incident that was raised.
SELECT rule, source, count(*) AS alerts, sum(firings)::bigint AS firings,
       count(*) FILTER (WHERE incident IS NOT NULL) AS in_incidents, count(*) FILTER (WHERE acted_on) AS acted_on,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY resolved_at - fired_at) AS median_fired
FROM analyst.alerts
GROUP BY rule, source
ORDER BY alerts DESC, rule, source;
