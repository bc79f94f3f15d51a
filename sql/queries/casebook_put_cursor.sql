INSERT INTO correlate.cursor AS c (scope, stream_id, seq)
SELECT $1::text, r.stream_id, r.seq
FROM jsonb_to_recordset($2::jsonb) AS r(stream_id bigint, seq bigint)
ON CONFLICT (scope, stream_id) DO UPDATE SET seq = excluded.seq WHERE c.seq <> excluded.seq
