-- Takes away what offsets [$2, $3) of a stream decoded to, and says how many rows that were. What has lines
-- that outlived their partition stays as it is.
WITH kept AS MATERIALIZED (
    SELECT DISTINCT record_offset FROM ingest.log_kept
    WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
), lines AS (
    DELETE FROM ingest.log
    WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
      AND record_offset NOT IN (SELECT record_offset FROM kept)
    RETURNING 1
), events AS (
    DELETE FROM ingest.event
    WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
      AND record_offset NOT IN (SELECT record_offset FROM kept)
    RETURNING 1
), quarantined AS (
    DELETE FROM evidence.quarantine
    WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
      AND record_offset NOT IN (SELECT record_offset FROM kept)
    RETURNING 1
)
SELECT (SELECT count(*) FROM lines) + (SELECT count(*) FROM events) + (SELECT count(*) FROM quarantined)
