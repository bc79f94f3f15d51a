-- Detaching and dropping need the rights of the owner.
SELECT pg_has_role(current_user, c.relowner, 'USAGE'), c.relowner::regrole, session_user
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'ingest' AND c.relname = 'log'
