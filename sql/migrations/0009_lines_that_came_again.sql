-- Retention keeps what the correlator reads; of log lines these are also the ones that came more than
-- once, since which delivery counts may make the difference.

SET LOCAL ROLE hindcast_owner;

CREATE INDEX log_kept_uid ON ingest.log_kept (scope, uid) WHERE uid IS NOT NULL;

CREATE FUNCTION ingest.came_again(of_scope text, of_uid uuid)
RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) > 1 FROM (
        SELECT stream_id, record_offset, idx FROM ingest.log
        WHERE scope = of_scope AND uid = of_uid
        UNION
        SELECT stream_id, record_offset, idx FROM ingest.log_kept
        WHERE scope = of_scope AND uid = of_uid) deliveries
$$;
COMMENT ON FUNCTION ingest.came_again(text, uuid) IS
    'Did the log line of this identity come more than once? For retention';

RESET ROLE;
