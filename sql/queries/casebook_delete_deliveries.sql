-- $2: [stream, offset, index, counts] of each there is now. A
-- delivery that stops counting goes first: its successor needs the place in the unique index.
DELETE FROM correlate.delivery
WHERE scope = $1::text AND (stream_id, record_offset, idx, counts) NOT IN (
    SELECT (r ->> 0)::bigint, (r ->> 1)::bigint, (r ->> 2)::integer, (r ->> 3)::boolean
    FROM jsonb_array_elements($2::jsonb) r)
