-- One correlator at a time writes a scope; the other waits and then compares with what it finds. The
-- row is only locked, which a role without rights on the table cannot do.
INSERT INTO correlate.lock AS l (scope) VALUES ($1::text)
ON CONFLICT (scope) DO UPDATE SET scope = l.scope WHERE false
