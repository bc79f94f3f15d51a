-- A decision; the same again changes nothing.
INSERT INTO review.decision (scope, decision_id, content) VALUES ($1::text, $2::text, $3::text)
ON CONFLICT (scope, decision_id) DO NOTHING
RETURNING decision_id
