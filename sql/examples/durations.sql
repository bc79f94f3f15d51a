SELECT incident, service, time_to_detect, time_to_acknowledge, time_to_mitigate, mitigated_stated,
       time_to_recover, time_to_resolve
FROM analyst.durations WHERE month = '2026-03-01' AND raised ORDER BY incident;
