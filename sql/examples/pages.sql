SELECT person, paged_at, answered_at, answered_by, time_to_answer
FROM analyst.pages WHERE incident = 'INC-2026-0002' ORDER BY paged_at, person;
