-- The number of a scope, made when it is new, and the configuration by which its rows are whole. Few rows are asked for in what
-- follows, each by an index, whatever PostgreSQL knows of the tables so far.
WITH made AS (
    INSERT INTO correlate.group_scope (scope) VALUES ($1::text) ON CONFLICT (scope) DO NOTHING RETURNING scope_no, config_digest
), plan AS MATERIALIZED (
    SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)
)
SELECT s.scope_no, s.config_digest
FROM (SELECT scope_no, config_digest FROM made UNION ALL
      SELECT scope_no, config_digest FROM correlate.group_scope WHERE scope = $1::text) s, plan
