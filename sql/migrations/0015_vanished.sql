-- A partition, or a whole topic, that is gone with whatever it held unread is told as a gap. A topic that
-- was made again with fewer partitions left no trace of the others before.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE evidence.source_gap DROP CONSTRAINT source_gap_kind_check;
ALTER TABLE evidence.source_gap ADD CONSTRAINT source_gap_kind_check
    CHECK (kind IN ('retention', 'truncated', 'recreated', 'overflow', 'vanished'));
COMMENT ON COLUMN evidence.source_gap.kind IS 'retention, truncated, recreated, overflow or vanished';
COMMENT ON COLUMN evidence.source_gap.to_offset IS
    'Offset after the last missing one; from_offset where nobody knows how much is missing';

RESET ROLE;
