-- The columns of view $2 in schema $1 that the role may read; sortable: its type has an order.
SELECT a.attname, format_type(a.atttypid, a.atttypmod), col_description(a.attrelid, a.attnum),
       CASE WHEN t.typname = 'timestamptz' THEN 'time'
            WHEN t.typcategory = 'N' AND t.typname !~ '^(reg|money)' OR t.typname = 'interval' THEN 'number'
            WHEN t.typname = 'bool' THEN 'bool'
            WHEN t.typcategory IN ('A', 'C') OR t.typname IN ('json', 'jsonb') THEN 'json'
            ELSE 'text' END,
       EXISTS (SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod AND m.amname = 'btree'
               WHERE o.opcdefault AND (o.opcintype = t.oid
                   OR t.typcategory = 'A' AND o.opcintype = 'anyarray'::regtype
                   OR t.typcategory = 'S' AND o.opcintype = 'text'::regtype))
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE n.nspname = $1::text AND c.relkind = 'v' AND c.relname = $2::text
  AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY a.attnum
