SELECT m.milestone, v.file, v.line
FROM analyst.milestones m JOIN analyst.evidence v USING (scope, incident, entry_id)
WHERE m.incident = 'INC-2026-0002' AND v.file LIKE '%/chat/%' ORDER BY m.event_time, m.milestone;
