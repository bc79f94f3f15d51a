-- How far each partition of a topic has been committed: draft paces its producer by it.
SELECT partition, next_offset
FROM evidence.stream
WHERE topic = $1 AND next_offset IS NOT NULL
