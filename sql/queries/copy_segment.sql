-- The order of columns is that of the fields in store/evidence/segment.c.
COPY evidence.segment (stream_id, first_offset, day, records, offsets, ends, root, leaf_version,
    data)
FROM STDIN (FORMAT binary)
