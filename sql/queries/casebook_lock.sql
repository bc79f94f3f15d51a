-- One correlator at a time writes a scope; the other waits and then compares with what it finds. The row is written, not only locked: who began to
-- read before (a part, REPEATABLE READ) is told so when it comes to lock it.
INSERT INTO correlate.lock AS l (scope) VALUES ($1::text)
ON CONFLICT (scope) DO UPDATE SET scope = excluded.scope
