SELECT kind, event_time, service, version, author, outcome, reverted_at, incident
FROM analyst.changes WHERE event_time >= '2026-03-03' AND event_time < '2026-03-04' ORDER BY event_time;
