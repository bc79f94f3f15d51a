-- The order of columns is that of the fields in store/evidence/segment.c.
COPY evidence.segment (stream_id, first_offset, day, records, offsets, ends, root, data)
FROM STDIN (FORMAT binary)
