-- The number of a scope, made when it is new (looked for first: each try to insert would use one up), and the configuration by which its
-- rows are whole. Few rows are asked for in what follows, each by an index, whatever PostgreSQL knows of the tables so far.
WITH known AS MATERIALIZED (
    SELECT scope_no, config_digest FROM correlate.group_scope WHERE scope = $1::text
), made AS (
    INSERT INTO correlate.group_scope (scope) SELECT $1::text WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT (scope) DO NOTHING RETURNING scope_no, config_digest
), plan AS MATERIALIZED (
    SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)
)
SELECT s.scope_no, s.config_digest
FROM (SELECT scope_no, config_digest FROM known UNION ALL SELECT scope_no, config_digest FROM made) s, plan
