-- What was read of partitions that a topic no longer has: those from $3 on, in their newest incarnation.
SELECT stream_id, coalesce(next_offset, 0)
FROM evidence.stream s
WHERE cluster_id = $1::text AND topic = $2::text AND partition >= $3::integer
  AND NOT EXISTS (SELECT FROM evidence.stream n WHERE n.cluster_id = s.cluster_id AND n.topic = s.topic
                  AND n.partition = s.partition AND n.incarnation > s.incarnation)
ORDER BY stream_id
