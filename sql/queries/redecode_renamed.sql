-- Former names lead to the new ones, also those that led to a former one. $1: [[scope, former, uid], ...].
WITH pairs AS (
    SELECT DISTINCT p ->> 0 AS scope, (p ->> 1)::uuid AS former, (p ->> 2)::uuid AS uid
    FROM jsonb_array_elements($1::jsonb) p
), earlier AS (
    SELECT p.scope, k.former, p.uid
    FROM pairs p JOIN correlate.renamed k ON k.scope = p.scope AND k.uid = p.former
)
INSERT INTO correlate.renamed (scope, former, uid)
SELECT scope, former, uid FROM pairs
UNION SELECT scope, former, uid FROM earlier WHERE former <> uid
ON CONFLICT DO NOTHING
