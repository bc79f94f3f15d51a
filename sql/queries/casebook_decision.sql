-- Decisions by their id, or by the beginning of one, with the login that wrote them; of one scope, or of any.
-- A whole id (DECISION_ID) of a scope is one probe of the index.
SELECT scope, content, login FROM (
    SELECT scope, decision_id, content, login FROM review.decision
    WHERE length($2::text) = 20 AND scope = $1::text AND decision_id = $2::text
    UNION ALL
    SELECT scope, decision_id, content, login FROM review.decision
    WHERE NOT (length($2::text) = 20 AND $1::text IS NOT NULL)
      AND starts_with(decision_id, $2::text) AND ($1::text IS NULL OR scope = $1::text)) found
ORDER BY scope COLLATE "C", decision_id COLLATE "C" LIMIT 2
