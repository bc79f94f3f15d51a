-- The order of columns is that of the fields in store/delivery/copying.c.
COPY evidence.batch (stream_id, seq, first_offset, next_offset, min_event_time, max_event_time,
    records, events, decoder_version, kind, scopes, decoders, decoding_no)
FROM STDIN (FORMAT binary)
