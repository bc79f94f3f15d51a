-- Takes away what offsets [$2, $3) of a stream decoded to, from the counts as well, and says how many rows
-- that were. What has lines that outlived their partition stays as it is.
WITH kept AS MATERIALIZED (
    SELECT DISTINCT record_offset FROM ingest.log_kept
    WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
), lines AS (
    DELETE FROM ingest.log
    WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
      AND record_offset NOT IN (SELECT record_offset FROM kept)
    RETURNING scope, service, 'log' AS kind, severity, event_time, format, time_source
), events AS (
    DELETE FROM ingest.event
    WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
      AND record_offset NOT IN (SELECT record_offset FROM kept)
    RETURNING scope, service, CASE WHEN record_kind IN ('manifest', 'person') THEN record_kind ELSE kind END AS kind, severity,
              event_time, format, time_source
), quarantined AS (
    DELETE FROM evidence.quarantine
    WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
      AND record_offset NOT IN (SELECT record_offset FROM kept)
    RETURNING format_guess
), taken AS (
    SELECT * FROM lines UNION ALL SELECT * FROM events UNION ALL
    SELECT NULL, NULL, 'quarantined', 0::smallint, '-infinity', coalesce(format_guess, ''), '' FROM quarantined
), counted AS (
    INSERT INTO evidence.delta (stream_id, scope, service, kind, severity, minute, format, time_source, events)
    SELECT $1::bigint, scope,
           CASE WHEN octet_length(service) > 1024 THEN left(service, 256) ELSE coalesce(service, '') END, kind,
           severity,
           date_bin('1 minute', CASE WHEN event_time > '-infinity' THEN event_time END, '1970-01-01 00:00+00'),
           CASE WHEN octet_length(format) > 1024 THEN left(format, 256) ELSE format END, time_source, -count(*)
    FROM taken GROUP BY 2, 3, 4, 5, 6, 7, 8
)
SELECT count(*) FROM taken
