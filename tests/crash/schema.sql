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

-- Counts of a topic's streams that are not those of its rows, and how far all minutes and what has none are
-- from the events of all streams: the rows of earlier runs are gone, their counts and ledgers stay.
CREATE FUNCTION crash.counts_differ(of_topic text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT (SELECT count(*) FROM (
                SELECT incarnation, partition, kind, coalesce(format, '') AS format, coalesce(time_source, '') AS time_source,
                       count(*) AS events
                FROM (SELECT stream_id, 'log' AS kind, format, time_source FROM ingest.log
                      UNION ALL SELECT stream_id, kind, format, time_source FROM ingest.event
                      UNION ALL SELECT stream_id, 'quarantined', format_guess, NULL FROM evidence.quarantine) x
                JOIN evidence.stream s USING (stream_id) WHERE s.topic = of_topic GROUP BY 1, 2, 3, 4, 5) r
            FULL JOIN (SELECT incarnation, partition, kind, coalesce(format, '') AS format,
                              coalesce(time_source, '') AS time_source, events
                       FROM analyst.reading WHERE topic = of_topic) c
                USING (incarnation, partition, kind, format, time_source)
            WHERE r.events IS DISTINCT FROM c.events)
         + abs((SELECT sum(events) FROM evidence.stream)
               - (SELECT coalesce(sum(events), 0) FROM analyst.minutes)
               - (SELECT coalesce(sum(events), 0) FROM analyst.reading WHERE time_source = 'none'))::bigint
$$;

-- Which backend a process has, of correlators that claimed a scope.
CREATE TABLE crash.backend (process text PRIMARY KEY, pid integer NOT NULL, started timestamptz NOT NULL);
CREATE FUNCTION crash.claimed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO crash.backend VALUES (coalesce(current_setting('crash.process', true), 'operator'), NEW.pid, NEW.backend_start)
    ON CONFLICT (process) DO UPDATE SET (pid, started) = (excluded.pid, excluded.started);
    RETURN NULL;
END
$$;
CREATE TRIGGER crash_claimed AFTER INSERT OR UPDATE ON correlate.claim
    FOR EACH ROW EXECUTE FUNCTION crash.claimed();
