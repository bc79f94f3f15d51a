-- Log lines of a scope within [$2, $3) that another delivery stands for.
SELECT count(*) FROM analyst.deliveries
WHERE scope = $1::text AND kind = 'log' AND outcome <> 'counts'
  AND event_time >= $2::timestamptz AND event_time < $3::timestamptz
