-- A rebuild of a scope by the configuration $2 begins; $3: where every stream stands ({"stream": seq, ...}). Nothing where another
-- transaction began one that this one does not see.
WITH counted AS (
    SELECT (SELECT count(*) FROM ingest.event WHERE scope = $1::text)
         + (SELECT count(*) FROM ingest.log WHERE scope = $1::text AND (severity >= 13 OR format = 'hindcast'))
         + (SELECT count(*) FROM ingest.log_kept WHERE scope = $1::text AND (severity >= 13 OR format = 'hindcast')) AS total
)
INSERT INTO correlate.rebuild AS r (scope, config_digest, rewritten, positions, total)
SELECT $1::text, $2::text, coalesce((SELECT g.rewritten FROM correlate.group_scope g WHERE g.scope = $1::text), 0), $3::jsonb, c.total
FROM counted c
ON CONFLICT (scope) DO NOTHING
RETURNING r.scope_no, r.stage, r.place::text, r.positions::text, r.done, r.total, 0::bigint, true
