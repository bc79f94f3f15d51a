SELECT name, messages, acknowledgements, actions, changes
FROM analyst.people WHERE incident = 'INC-2026-0002' ORDER BY name;
