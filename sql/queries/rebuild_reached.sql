-- Positions $1 ({"stream": seq, ...}) after batches were read in order of streams, the last one that of stream $2 with seq $3 (null: none was);
-- $4: there are further ones. Where there are none every stream is read up to where it stands.
SELECT coalesce(jsonb_object_agg(s.stream_id, CASE
           WHEN NOT $4::boolean OR s.stream_id < $2::bigint THEN s.seq
           WHEN s.stream_id = $2::bigint THEN $3::bigint
           ELSE coalesce(($1::jsonb ->> s.stream_id::text)::bigint, 0) END), '{}')::text
FROM evidence.stream s WHERE s.stream_id > 0
