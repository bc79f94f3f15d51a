SELECT milestone, event_time, stated, confidence
FROM analyst.milestones WHERE incident = 'INC-2026-0002' ORDER BY event_time, milestone;
