-- How far the index of words of log lines is, for `hindcast status`.

SET LOCAL ROLE hindcast_owner;

CREATE FUNCTION analyst.lines_indexed(OUT closed bigint, OUT unindexed bigint, OUT since date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*), count(*) FILTER (WHERE NOT searchable), min(lo) FILTER (WHERE NOT searchable)
    FROM evidence.partition
    WHERE parent = 'ingest.log' AND NOT retiring AND hi < (now() AT TIME ZONE 'UTC')::date
$$;
COMMENT ON FUNCTION analyst.lines_indexed() IS
    'Partitions of log lines that are over, those of them without an index of words yet, and the first day of these';
GRANT EXECUTE ON FUNCTION analyst.lines_indexed()
    TO hindcast_ingest, hindcast_correlate, hindcast_responder, hindcast_analyst;

RESET ROLE;
