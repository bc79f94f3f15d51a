SELECT role, person, from_time, to_time, given_by
FROM analyst.roles WHERE incident = 'INC-2026-0002' ORDER BY from_time, role;
