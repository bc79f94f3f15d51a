-- What could not be read, by reason, with one detail of each.
SELECT reason, min(detail), count(*)
FROM evidence.quarantine
GROUP BY reason
ORDER BY count(*) DESC, reason
