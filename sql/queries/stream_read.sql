SELECT epoch, next_offset, seq, tail_offset, tail_sha256 FROM evidence.stream
WHERE stream_id = $1::bigint
