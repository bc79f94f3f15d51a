-- Decisions as they were correlated last.
SELECT decision, content FROM correlate.group_decision WHERE scope_no = $1::integer ORDER BY decision
