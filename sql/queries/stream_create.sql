-- The first incarnation of a partition never seen before.
INSERT INTO evidence.stream (cluster_id, topic, partition)
SELECT $1::text, $2::text, $3::integer
WHERE NOT EXISTS (SELECT FROM evidence.stream
                  WHERE cluster_id = $1::text AND topic = $2::text AND partition = $3::integer)
ON CONFLICT DO NOTHING
