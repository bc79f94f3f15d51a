-- Rights that nobody uses go: each role can do what docs/security.md lists, and nothing else.

SET LOCAL ROLE hindcast_owner;

-- Ingest writes evidence; reading it back is the correlator's work.
REVOKE SELECT ON evidence.segment FROM hindcast_ingest;

-- Called by ensure_partitions() alone; a search path of its own keeps it the same under any caller.
ALTER FUNCTION evidence.create_partition(regclass, text, date, date)
    SET search_path = pg_catalog, pg_temp;

-- What is created from now on starts without rights for everybody, functions included.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

RESET ROLE;
