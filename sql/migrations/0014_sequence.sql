-- What breaks a tie of times: the number that the source itself counts. And deliveries of the same bytes
-- whose headers tell different things: what they tell decides before where they lie.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE ingest.event ADD COLUMN source_sequence bigint;
COMMENT ON COLUMN ingest.event.source_sequence IS
    'The source''s own number, rising with time: orders events of equal time; null where it has none';

ALTER TABLE correlate.delivery DROP CONSTRAINT delivery_decided_by_check;
ALTER TABLE correlate.delivery ADD CONSTRAINT delivery_decided_by_check
    CHECK (decided_by IN ('version', 'sha256', 'content', 'coordinates'));
COMMENT ON COLUMN correlate.delivery.decided_by IS
    'Where it differs first from the one that counts: version, sha256, content (of equal bytes: by headers) or coordinates; null: it counts';

RESET ROLE;
