-- Rows to lock instead of advisory locks: any login may take any advisory lock and hold it for ever,
-- while locking a row takes the right to change it, which nobody has who only reads.

SET LOCAL ROLE hindcast_owner;

CREATE TABLE evidence.lock (
    name          text PRIMARY KEY,
    pid           integer,
    backend_start timestamptz,
    login         text
);
COMMENT ON TABLE evidence.lock IS 'What one process at a time may do: a locked row, or for as long as a backend lives its name in the row';
COMMENT ON COLUMN evidence.lock.name IS 'partitions (locked while partitions are made) or retention (named)';
COMMENT ON COLUMN evidence.lock.pid IS 'Backend process that does it; null: none, or the row is locked instead';
COMMENT ON COLUMN evidence.lock.backend_start IS 'Start time of that backend; with pid it names one backend for good';
COMMENT ON COLUMN evidence.lock.login IS 'Login of that backend';
INSERT INTO evidence.lock (name) VALUES ('partitions'), ('retention');

CREATE TABLE correlate.lock (
    scope text PRIMARY KEY
);
COMMENT ON TABLE correlate.lock IS 'One row per scope, locked by the correlator that writes it';
COMMENT ON COLUMN correlate.lock.scope IS 'Unit of privacy and correlation';
GRANT SELECT, INSERT, UPDATE ON correlate.lock TO hindcast_correlate;
ALTER TABLE correlate.lock ENABLE ROW LEVEL SECURITY;
ALTER TABLE correlate.lock FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON correlate.lock TO hindcast_correlate USING (true) WITH CHECK (true);

DO $$
DECLARE
    advisory constant text := 'PERFORM pg_advisory_xact_lock(hashtext(''hindcast partitions''))';
    of_a_row constant text := 'PERFORM name FROM evidence.lock WHERE name = ''partitions'' FOR UPDATE';
    target   regprocedure;
    text_now text;
BEGIN
    FOREACH target IN ARRAY ARRAY['evidence.ensure_partitions(date[], date[])',
                                  'evidence.forget_dropped_partitions()']::regprocedure[] LOOP
        text_now := pg_get_functiondef(target);
        IF position(advisory IN text_now) = 0 THEN
            RAISE EXCEPTION '% does not lock as migration 0011 expects', target;
        END IF;
        EXECUTE replace(text_now, advisory, of_a_row);
    END LOOP;
END
$$;

-- A right to update whole rows is a right to lock the table against everybody; to update columns is not.
REVOKE UPDATE ON evidence.stream, evidence.quarantine FROM hindcast_ingest;
GRANT UPDATE (next_offset, epoch, seq, first_offset, records, stored, condensed, empty, tombstones,
              quarantined, holes, lost, events, tail_offset, max_event_time, owner_start, owner_pid,
              tail_verified, tail_sha256, owner_name, tail_time, tail_time_offset)
    ON evidence.stream TO hindcast_ingest;
GRANT UPDATE (state) ON evidence.quarantine TO hindcast_ingest;

RESET ROLE;
