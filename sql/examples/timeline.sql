SELECT position, event_time, kind, act, actor, text
FROM analyst.timeline WHERE incident = 'INC-2026-0002' AND significance = 'key' ORDER BY position;
