-- The views that the role may read: those of responder with the name of that schema before theirs.
SELECT CASE n.nspname WHEN 'analyst' THEN '' ELSE n.nspname || '.' END || c.relname,
       obj_description(c.oid, 'pg_class'), n.nspname, c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('analyst', 'responder') AND c.relkind = 'v'
  AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
