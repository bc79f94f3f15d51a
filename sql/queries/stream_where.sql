-- Where does this partition stand? The newest incarnation, without claiming it.
-- $1 cluster id, $2 topic, $3 partition
SELECT next_offset
FROM evidence.stream
WHERE cluster_id = $1 AND topic = $2 AND partition = $3::integer
ORDER BY incarnation DESC
LIMIT 1
