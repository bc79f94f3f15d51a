-- The newest incarnation of a partition, and the backend that holds it.
SELECT stream_id, next_offset, owner_pid, owner_start, epoch
FROM evidence.stream
WHERE cluster_id = $1::text AND topic = $2::text AND partition = $3::integer
ORDER BY incarnation DESC
LIMIT 1
