SELECT rule, fired_at, resolved_at - fired_at AS fired_for, acknowledged_by, acted_on, incident
FROM analyst.alerts WHERE fired_at >= '2026-03-03' AND fired_at < '2026-03-04' ORDER BY fired_at;
