-- What the tail check of this claim found; an older epoch says nothing any more.
UPDATE evidence.stream SET tail_verified = $3::boolean
WHERE stream_id = $1::bigint AND epoch = $2::bigint
