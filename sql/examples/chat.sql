SELECT event_time, actor, text
FROM analyst.chat WHERE incident = 'INC-2026-0002' AND thread_key IS NOT NULL AND phase = 'post' ORDER BY event_time;
