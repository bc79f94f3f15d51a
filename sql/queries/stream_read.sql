SELECT epoch, next_offset, seq, tail_offset, tail_sha256,
       CASE WHEN tail_time_offset = tail_offset
            THEN (extract(epoch FROM tail_time) * 1000000)::bigint END AS tail_time_us
FROM evidence.stream
WHERE stream_id = $1::bigint
