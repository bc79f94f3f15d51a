SELECT service, kind, severity, events
FROM analyst.minutes WHERE scope = 'default' AND minute = '2026-03-03 14:07Z' ORDER BY service, kind, severity;
