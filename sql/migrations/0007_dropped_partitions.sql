-- A partition that somebody dropped by hand is still listed in evidence.partition, so that nobody
-- would make it again. ingest calls this when no partition takes a row.

SET LOCAL ROLE hindcast_owner;

CREATE FUNCTION evidence.forget_dropped_partitions()
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    forgotten integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('hindcast partitions'));
    DELETE FROM evidence.partition WHERE to_regclass(name) IS NULL;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END
$$;
COMMENT ON FUNCTION evidence.forget_dropped_partitions() IS
    'Take partitions off the list whose tables are gone, so that ensure_partitions creates them again';

REVOKE ALL ON FUNCTION evidence.forget_dropped_partitions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION evidence.forget_dropped_partitions() TO hindcast_ingest;

RESET ROLE;
