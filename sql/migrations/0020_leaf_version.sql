-- A record is key, headers, timestamp and value: leaves of version 2 cover all of it, and of deliveries
-- with one value the digest of the frame chooses, then the timestamp, before where they lie. What was
-- stored before has leaves of version 1 and stays as it is.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE evidence.segment ADD COLUMN leaf_version smallint NOT NULL DEFAULT 1;
COMMENT ON COLUMN evidence.segment.leaf_version IS
    'What the leaves below root cover: 1: place and value; 2: place and the whole record';
ALTER TABLE evidence.kept ADD COLUMN leaf_version smallint NOT NULL DEFAULT 1;
COMMENT ON COLUMN evidence.kept.leaf_version IS
    'What its leaf covers: 1: place and value; 2: place and the whole record';

ALTER TABLE correlate.delivery ADD COLUMN frame_sha256 bytea;
COMMENT ON COLUMN correlate.delivery.frame_sha256 IS
    'Frame digest of the record: key, headers and value; of equal versions and values the smallest counts; null: not kept';

ALTER TABLE correlate.delivery DROP CONSTRAINT delivery_decided_by_check;
ALTER TABLE correlate.delivery ADD CONSTRAINT delivery_decided_by_check
    CHECK (decided_by IN ('version', 'sha256', 'frame', 'content', 'timestamp', 'coordinates'));
COMMENT ON COLUMN correlate.delivery.decided_by IS
    'Where it differs first from the one that counts: version, sha256 (of the value), frame (key or headers), content (where no raw records are kept), timestamp of the record, or coordinates; null: it counts';

CREATE OR REPLACE VIEW analyst.deliveries WITH (security_invoker = true) AS
SELECT scope, uid, kind, format, event_time,
       CASE WHEN counts THEN 'counts' WHEN decided_by = 'version' THEN 'earlier version'
            ELSE 'duplicate' END AS outcome,
       decided_by, version, encode(sha256, 'hex') AS sha256, topic, incarnation, partition,
       record_offset, idx, encode(frame_sha256, 'hex') AS frame_sha256
FROM correlate.delivery;

-- Another delivery may count now: every scope is computed again at the correlator's next look. Policies
-- bind the owner as well, who may read only.
ALTER TABLE correlate.cursor NO FORCE ROW LEVEL SECURITY;
UPDATE correlate.cursor SET seq = -1 WHERE stream_id = -1; -- no configuration has that number
ALTER TABLE correlate.cursor FORCE ROW LEVEL SECURITY;

RESET ROLE;
