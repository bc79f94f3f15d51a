SELECT declaration_id, title,
       (extract(epoch FROM from_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM to_time) * 1000000)::bigint * 1000,
       service, channel, declared_by
FROM review.declaration WHERE scope = $1::text
ORDER BY declaration_id COLLATE "C"
