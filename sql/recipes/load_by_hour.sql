-- When does work come?
-- Alerts, messages in incidents and first signs of incidents by day of the week (1: Monday) and hour, in the session's time zone
-- (`SET timezone`).
SELECT extract(isodow FROM at)::integer AS weekday, extract(hour FROM at)::integer AS hour,
       count(*) FILTER (WHERE what = 'alert') AS alerts, count(*) FILTER (WHERE what = 'message') AS messages,
       count(*) FILTER (WHERE what = 'incident') AS incidents
FROM (SELECT fired_at AS at, 'alert' AS what FROM analyst.alerts
      UNION ALL SELECT event_time, 'message' FROM analyst.entries WHERE actor IS NOT NULL AND record_kind = 'chat'
      UNION ALL SELECT first_time, 'incident' FROM analyst.incidents WHERE raised) w
GROUP BY 1, 2 ORDER BY 1, 2;
