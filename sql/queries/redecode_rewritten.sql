-- Records of these scopes ($1: names as a JSON array, or null: of every one) were decoded anew: what is kept of their groups is not whole any
-- more, and no cursor that stands for less is one to go on from.
WITH named AS (
    INSERT INTO correlate.group_scope AS g (scope, rewritten)
    SELECT DISTINCT s, 1
    FROM jsonb_array_elements_text(CASE jsonb_typeof($1::jsonb) WHEN 'array' THEN $1::jsonb ELSE '[]' END) s ORDER BY s
    ON CONFLICT (scope) DO UPDATE SET (config_digest, rewritten) = (NULL, g.rewritten + 1)
)
UPDATE correlate.group_scope SET (config_digest, rewritten) = (NULL, rewritten + 1)
WHERE jsonb_typeof($1::jsonb) = 'null'
