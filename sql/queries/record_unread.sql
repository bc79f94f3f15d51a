-- What is known of a record that gave no row: its topic $1, partition $2, offset $3; of the newest incarnation.
SELECT q.reason, q.format_guess, $3::bigint >= coalesce(s.next_offset, 0), $3::bigint < coalesce(s.first_offset, 0), s.next_offset
FROM evidence.stream s
LEFT JOIN evidence.quarantine q ON q.stream_id = s.stream_id AND q.record_offset = $3::bigint
WHERE s.topic = $1::text AND s.partition = $2::integer
ORDER BY q.reason IS NULL, s.incarnation DESC LIMIT 1
