-- The set that was filled is that of the scope from now on; the rows of the one before go in pieces, with those that waited.
WITH made AS (
    DELETE FROM correlate.rebuild WHERE scope = $1::text RETURNING scope_no, config_digest
), again AS (
    DELETE FROM correlate.rebuild_again a USING made m WHERE a.scope_no = m.scope_no
), before AS (
    INSERT INTO correlate.group_left (scope_no)
    SELECT n FROM correlate.group_scope s, LATERAL (VALUES (s.scope_no), (-s.scope_no)) AS v(n) WHERE s.scope = $1::text
), floods AS (
    DELETE FROM correlate.group_flood f WHERE f.scope = $1::text
)
INSERT INTO correlate.group_scope AS g (scope_no, scope, config_digest)
SELECT m.scope_no, $1::text, m.config_digest FROM made m
ON CONFLICT (scope) DO UPDATE SET scope_no = excluded.scope_no, config_digest = excluded.config_digest
