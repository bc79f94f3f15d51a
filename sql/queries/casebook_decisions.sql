-- What people decided of a scope, as it was said.
SELECT content FROM review.decision WHERE scope = $1::text ORDER BY decision_id COLLATE "C"
