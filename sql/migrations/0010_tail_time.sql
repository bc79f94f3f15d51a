-- A topic created again whose record at the tail's offset has the same value (a tombstone, say) is told
-- from the old one by the record's time. Programs from before this migration move the tail alone, so the
-- time says whose it is.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE evidence.stream ADD COLUMN tail_time timestamptz, ADD COLUMN tail_time_offset bigint;
COMMENT ON COLUMN evidence.stream.tail_time IS
    'Kafka''s timestamp of the record at tail_time_offset; null where it has none';
COMMENT ON COLUMN evidence.stream.tail_time_offset IS
    'The record that tail_time is of: the tail, unless an older program has moved that since';

RESET ROLE;
