-- Returns when bench_rsyslog has bench.rows rows; fails when it gets no new ones for a minute.
DO $$
DECLARE
    now_there bigint := 0;
    before    bigint := 0;
    idle      integer := 0;
BEGIN
    LOOP
        SELECT count(*) INTO now_there FROM bench_rsyslog;
        EXIT WHEN now_there >= current_setting('bench.rows')::bigint;
        idle := CASE WHEN now_there > before THEN 0 ELSE idle + 1 END;
        IF idle > 120 THEN
            RAISE 'rsyslog stopped at % rows', now_there;
        END IF;
        before := now_there;
        PERFORM pg_sleep(0.5);
    END LOOP;
END
$$;
