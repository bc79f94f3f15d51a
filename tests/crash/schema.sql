-- What the harness adds to its own database: every claim and every batch of a stream, in the order
-- in which they took the lock of the stream's row, with who did it. Processes are told apart by the
-- setting crash.process, which the harness gives each of them and which survives reconnecting.
CREATE SCHEMA crash;
CREATE TABLE crash.note (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    what       text NOT NULL,
    stream_id  bigint NOT NULL,
    epoch      bigint NOT NULL,
    seq        bigint NOT NULL,
    process    text NOT NULL,
    pid        integer NOT NULL,
    started    timestamptz NOT NULL,
    ended_pid  integer,
    ended_start timestamptz
);
CREATE INDEX ON crash.note (stream_id, id);

CREATE FUNCTION crash.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    mine timestamptz := (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid());
    who text := coalesce(current_setting('crash.process', true), 'operator');
BEGIN
    IF NEW.epoch > OLD.epoch THEN
        INSERT INTO crash.note (what, stream_id, epoch, seq, process, pid, started,
                                ended_pid, ended_start)
        VALUES ('claim', NEW.stream_id, NEW.epoch, NEW.seq, who, pg_backend_pid(), mine,
                CASE WHEN NEW.owner_pid IS NOT NULL THEN OLD.owner_pid END, OLD.owner_start);
    END IF;
    IF NEW.seq > OLD.seq THEN
        INSERT INTO crash.note (what, stream_id, epoch, seq, process, pid, started)
        VALUES ('batch', NEW.stream_id, NEW.epoch, NEW.seq, who, pg_backend_pid(), mine);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER crash_note AFTER UPDATE ON evidence.stream
    FOR EACH ROW EXECUTE FUNCTION crash.note();

-- A stream of one incarnation at each place: what the rows of a topic belong to.
CREATE FUNCTION crash.offsets(s evidence.segment) RETURNS SETOF bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT unnest(coalesce(s.offsets, ARRAY(SELECT generate_series(s.first_offset,
                                            s.first_offset + s.records - 1))))
$$;
