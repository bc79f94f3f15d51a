-- What stays when partitions go: raw records with their Merkle paths, and the log lines that the
-- correlator reads. docs/retention.md explains the rules.

SET LOCAL ROLE hindcast_owner;

CREATE TABLE evidence.kept (
    stream_id      bigint NOT NULL,
    record_offset  bigint NOT NULL,
    kafka_time     timestamptz,
    leaf_index     integer NOT NULL,
    leaf_count     integer NOT NULL,
    timestamp_type integer NOT NULL,
    key            bytea,
    value          bytea,
    headers        bytea[] NOT NULL,
    sha256         bytea NOT NULL,
    merkle_path    bytea NOT NULL,
    root           bytea NOT NULL,
    PRIMARY KEY (stream_id, record_offset)
);
COMMENT ON TABLE evidence.kept IS 'Raw records that outlive their segment, each with the proof that it was part of it';
COMMENT ON COLUMN evidence.kept.stream_id IS 'Stream of the record';
COMMENT ON COLUMN evidence.kept.record_offset IS 'Kafka offset of the record';
COMMENT ON COLUMN evidence.kept.kafka_time IS 'Timestamp of the Kafka record; null: it has none';
COMMENT ON COLUMN evidence.kept.leaf_index IS 'Place of the record within its segment, from 0';
COMMENT ON COLUMN evidence.kept.leaf_count IS 'Number of records in its segment';
COMMENT ON COLUMN evidence.kept.timestamp_type IS '0: none, 1: clock of the producer, 2: clock of the broker';
COMMENT ON COLUMN evidence.kept.key IS 'Key; null: it has none';
COMMENT ON COLUMN evidence.kept.value IS 'Value; null: a tombstone';
COMMENT ON COLUMN evidence.kept.headers IS 'Name and value of each header, one after the other';
COMMENT ON COLUMN evidence.kept.sha256 IS 'SHA-256 of the value';
COMMENT ON COLUMN evidence.kept.merkle_path IS 'Siblings on the way from the leaf to the root, 32 bytes each, from the leaf up';
COMMENT ON COLUMN evidence.kept.root IS 'Merkle root of the segment, as it was stored there';

CREATE TABLE evidence.retired (
    stream_id    bigint NOT NULL,
    first_offset bigint NOT NULL,
    next_offset  bigint NOT NULL,
    day          date NOT NULL,
    retired_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stream_id, first_offset, day)
);
COMMENT ON TABLE evidence.retired IS 'Raw records that retention removed, per stream and day of writing; those in evidence.kept stayed';
COMMENT ON COLUMN evidence.retired.stream_id IS 'Stream of the records';
COMMENT ON COLUMN evidence.retired.first_offset IS 'First offset removed';
COMMENT ON COLUMN evidence.retired.next_offset IS 'Offset after the last one';
COMMENT ON COLUMN evidence.retired.day IS 'Day on which the segments were written';
COMMENT ON COLUMN evidence.retired.retired_at IS 'When retention took them';

CREATE TABLE ingest.log_kept (
    LIKE ingest.log INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMMENTS,
    PRIMARY KEY (stream_id, record_offset, idx, event_time)
);
COMMENT ON TABLE ingest.log_kept IS 'Log lines that outlive their partition, and late ones of a partition that is about to go';

ALTER TABLE evidence.partition ADD COLUMN retiring boolean NOT NULL DEFAULT false;
ALTER TABLE evidence.partition ADD COLUMN frozen boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN evidence.partition.retiring IS 'Takes no more rows and is about to be removed';
COMMENT ON COLUMN evidence.partition.frozen IS 'Vacuumed and analyzed after its last day';

-- The words are those of PostgreSQL where a row has no partition: writers ask for partitions again.
CREATE FUNCTION evidence.refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'no partition takes this row: % is about to be removed', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;
COMMENT ON FUNCTION evidence.refuse_row() IS
    'Trigger on partitions that retention closed: what retention copied must stay complete';

CREATE FUNCTION evidence.retiring_days(days date[])
RETURNS SETOF date LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.day
    FROM unnest(days) d(day)
    JOIN evidence.partition p ON p.parent = 'ingest.log' AND d.day >= p.lo AND d.day < p.hi
    WHERE p.retiring
$$;
COMMENT ON FUNCTION evidence.retiring_days(date[]) IS
    'Which of these days of log lines lie in a partition that is about to be removed';

REVOKE ALL ON FUNCTION evidence.refuse_row() FROM PUBLIC;
REVOKE ALL ON FUNCTION evidence.retiring_days(date[]) FROM PUBLIC;
GRANT INSERT ON ingest.log_kept TO hindcast_ingest;
GRANT EXECUTE ON FUNCTION evidence.retiring_days(date[]) TO hindcast_ingest;
GRANT SELECT ON evidence.kept, evidence.retired, evidence.partition, ingest.log_kept
    TO hindcast_correlate;
GRANT INSERT ON evidence.kept TO hindcast_correlate;

RESET ROLE;
