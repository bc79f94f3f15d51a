UPDATE evidence.stream SET owner_pid = NULL, owner_start = NULL, owner_name = NULL
WHERE stream_id = $1::bigint AND epoch = $2::bigint
