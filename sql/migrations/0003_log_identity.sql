-- A log line that no source names is identified by its coordinates. Storing a hash of them cost 20
-- bytes a row and a SHA-256 a line; who reads the line can compute it (include/hindcast/event.h).

SET LOCAL ROLE hindcast_owner;

ALTER TABLE ingest.log ALTER COLUMN uid DROP NOT NULL;
COMMENT ON COLUMN ingest.log.uid IS
    '128 bit hash of scope, format family and identity; null: the coordinates identify';

RESET ROLE;
