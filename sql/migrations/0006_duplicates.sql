-- Deliveries of events that came more than once: which one counts, and why the others do not. The
-- rule needs the SHA-256 of the records, which lies in no row, so the correlator applies it and keeps
-- the outcome. Log lines take part where they carry an identity (dedup = native, or loaded files):
-- rows without one are not in the index and cost nothing.

SET LOCAL ROLE hindcast_owner;

CREATE INDEX log_uid ON ingest.log (scope, uid) WHERE uid IS NOT NULL;

CREATE TABLE correlate.delivery (
    stream_id     bigint NOT NULL,
    record_offset bigint NOT NULL,
    event_time    timestamptz NOT NULL,
    version       bigint NOT NULL,
    idx           integer NOT NULL,
    incarnation   integer NOT NULL,
    partition     integer NOT NULL,
    counts        boolean NOT NULL,
    uid           uuid NOT NULL,
    scope         text NOT NULL,
    topic         text NOT NULL,
    kind          text NOT NULL,
    format        text NOT NULL,
    decided_by    text CHECK (decided_by IN ('version', 'sha256', 'coordinates')),
    sha256        bytea,
    PRIMARY KEY (scope, uid, stream_id, record_offset, idx),
    CHECK (counts = (decided_by IS NULL))
);
CREATE UNIQUE INDEX delivery_counts ON correlate.delivery (scope, uid) WHERE counts;
CREATE INDEX delivery_stream ON correlate.delivery (stream_id) WHERE NOT counts;
COMMENT ON TABLE correlate.delivery IS 'Deliveries of events that came more than once; one of each counts. Derived';
COMMENT ON COLUMN correlate.delivery.stream_id IS 'Coordinates: stream';
COMMENT ON COLUMN correlate.delivery.record_offset IS 'Coordinates: Kafka offset of the record';
COMMENT ON COLUMN correlate.delivery.idx IS 'Coordinates: index of the event within its record, from 0';
COMMENT ON COLUMN correlate.delivery.topic IS 'Topic of the stream';
COMMENT ON COLUMN correlate.delivery.incarnation IS 'Incarnation of the topic';
COMMENT ON COLUMN correlate.delivery.partition IS 'Partition of the stream';
COMMENT ON COLUMN correlate.delivery.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.delivery.uid IS 'The event: 128 bit hash of scope, format family and identity';
COMMENT ON COLUMN correlate.delivery.kind IS 'alert, log, chat, change, metric or note';
COMMENT ON COLUMN correlate.delivery.format IS 'Decoder that read the record';
COMMENT ON COLUMN correlate.delivery.event_time IS 'When it happened, as this delivery says';
COMMENT ON COLUMN correlate.delivery.version IS 'Version at the source; the highest counts';
COMMENT ON COLUMN correlate.delivery.sha256 IS 'SHA-256 of the record''s value; of equal versions the smallest counts; null: not kept';
COMMENT ON COLUMN correlate.delivery.counts IS 'This delivery is the event';
COMMENT ON COLUMN correlate.delivery.decided_by IS 'Where it differs first from the one that counts: version, sha256 or coordinates; null: it counts';

CREATE VIEW analyst.deliveries WITH (security_invoker = true) AS
SELECT scope, uid, kind, format, event_time,
       CASE WHEN counts THEN 'counts' WHEN decided_by = 'version' THEN 'earlier version'
            ELSE 'duplicate' END AS outcome,
       decided_by, version, encode(sha256, 'hex') AS sha256, topic, incarnation, partition,
       record_offset, idx
FROM correlate.delivery;
COMMENT ON VIEW analyst.deliveries IS 'Each delivery of the events that came more than once, and whether it counts';

CREATE VIEW analyst.duplicates WITH (security_invoker = true) AS
SELECT scope, uid, min(kind) FILTER (WHERE counts) AS kind, min(format) FILTER (WHERE counts) AS format,
       min(event_time) FILTER (WHERE counts) AS event_time,
       count(*) AS deliveries,
       count(*) FILTER (WHERE decided_by <> 'version') AS duplicates,
       count(*) FILTER (WHERE decided_by = 'version') AS earlier_versions,
       count(DISTINCT sha256) AS contents,
       min(place) FILTER (WHERE counts) AS counts_at,
       array_agg(place ORDER BY topic, incarnation, partition, record_offset, idx)
           FILTER (WHERE NOT counts) AS others_at
FROM (SELECT *, format('%s/%s/%s/%s/%s', topic, incarnation, partition, record_offset, idx) AS place
      FROM correlate.delivery) d
GROUP BY scope, uid;
COMMENT ON VIEW analyst.duplicates IS 'Events that came more than once: how often, which delivery counts, where the others lie (topic/incarnation/partition/offset/index)';

-- The ledger counts for everybody, so its view reads as the owner, whom the policies bind as well.
CREATE OR REPLACE VIEW analyst.ledger WITH (security_barrier = true) AS
SELECT topic, incarnation, partition, first_offset, next_offset, records, stored, condensed, empty,
       tombstones, quarantined, holes, lost, events, max_event_time,
       records = stored + condensed + empty + tombstones + quarantined
       AND (next_offset IS NULL OR next_offset - first_offset = records + holes + lost) AS adds_up,
       coalesce(d.duplicates, 0) AS duplicates
FROM evidence.stream s
LEFT JOIN (SELECT stream_id, count(*) AS duplicates FROM correlate.delivery WHERE NOT counts
           GROUP BY stream_id) d USING (stream_id);
COMMENT ON VIEW analyst.ledger IS 'What became of every record, per partition; adds_up must be true. duplicates: events of it that another delivery stands for, as far as correlated';

GRANT SELECT, INSERT, UPDATE, DELETE ON correlate.delivery TO hindcast_correlate;
GRANT SELECT ON correlate.delivery TO hindcast_responder, hindcast_analyst;
GRANT SELECT ON analyst.deliveries, analyst.duplicates, analyst.ledger
    TO hindcast_correlate, hindcast_responder, hindcast_analyst;
ALTER TABLE correlate.delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE correlate.delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON correlate.delivery TO hindcast_correlate USING (true) WITH CHECK (true);
CREATE POLICY responder ON correlate.delivery TO hindcast_responder USING (true) WITH CHECK (true);
CREATE POLICY analyst ON correlate.delivery FOR SELECT TO hindcast_analyst USING (true);
CREATE POLICY ledger ON correlate.delivery FOR SELECT TO hindcast_owner USING (true);

RESET ROLE;
