INSERT INTO evidence.source_gap (stream_id, from_offset, to_offset, kind)
VALUES ($1::bigint, $2::bigint, $3::bigint, $4::text)
ON CONFLICT DO NOTHING
