-- The order of columns is that of the fields in store/delivery/tally.c.
COPY evidence.delta (stream_id, minute, events, severity, scope, service, kind, format, time_source)
FROM STDIN (FORMAT binary)
