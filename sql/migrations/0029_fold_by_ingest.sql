-- Deltas are folded where metrics are served, too: a store whose correlator runs once a day would have its
-- status read from a day of them every few seconds. The function adds up and does nothing else.

SET LOCAL ROLE hindcast_owner;

GRANT EXECUTE ON FUNCTION evidence.fold_deltas(bigint) TO hindcast_ingest;

RESET ROLE;
