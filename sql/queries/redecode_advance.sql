-- One more batch of the stream, with what changed in the ledger; 0 rows: another batch came first.
UPDATE evidence.stream
SET seq = seq + 1,
    stored = stored + $4::bigint,
    empty = empty + $5::bigint,
    quarantined = quarantined + $6::bigint,
    events = events + $7::bigint,
    untimed = untimed + $9::bigint,
    max_event_time = greatest(max_event_time, $8::timestamptz)
WHERE stream_id = $1::bigint AND seq = $2::bigint AND next_offset >= $3::bigint
