-- The schema of the view $1 (as views_list.sql names it), whoever may read it; $1 null: of any view.
SELECT n.nspname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('analyst', 'responder') AND c.relkind = 'v'
  AND ($1::text IS NULL OR $1 = CASE n.nspname WHEN 'analyst' THEN '' ELSE n.nspname || '.' END || c.relname)
ORDER BY n.nspname COLLATE "C" LIMIT 1
