-- Decisions by the beginning of their id, with the login that wrote them; of one scope, or of any.
SELECT scope, content, login FROM review.decision
WHERE starts_with(decision_id, $2::text) AND ($1::text IS NULL OR scope = $1::text)
ORDER BY scope COLLATE "C", decision_id COLLATE "C" LIMIT 2
