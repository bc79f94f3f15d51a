-- The order of columns is that of the fields in store/delivery/rows.c.
COPY evidence.quarantine (stream_id, record_offset, reason, format_guess, detail)
FROM STDIN (FORMAT binary)
