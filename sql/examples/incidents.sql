SELECT incident, severity_band, services, started, took, coalesce(state, '-') AS state, title
FROM analyst.incidents WHERE month = '2026-03-01' ORDER BY started;
