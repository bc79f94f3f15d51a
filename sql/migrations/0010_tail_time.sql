-- A topic created again whose record at the tail's offset has the same value (a tombstone, say) is told
-- from the old one by the record's time.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE evidence.stream ADD COLUMN tail_time timestamptz;
COMMENT ON COLUMN evidence.stream.tail_time IS
    'Kafka''s timestamp of the tail record; null where it has none, and for tails stored before this column';

RESET ROLE;
