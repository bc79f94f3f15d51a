-- Declarations by the beginning of their id, of any scope.
SELECT scope, declaration_id FROM review.declaration
WHERE starts_with(declaration_id, $1::text)
ORDER BY scope COLLATE "C", declaration_id COLLATE "C" LIMIT 2
