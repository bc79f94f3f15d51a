SELECT epoch, next_offset, seq, tail_offset, tail_sha256,
       (extract(epoch FROM tail_time) * 1000000)::bigint AS tail_time_us
FROM evidence.stream
WHERE stream_id = $1::bigint
