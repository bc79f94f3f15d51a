-- How many records a rebuild of a scope reads, counted up to $2.
SELECT count(*) FROM (
    SELECT FROM ingest.event WHERE scope = $1::text
    UNION ALL SELECT FROM ingest.log WHERE scope = $1::text AND (severity >= 13 OR format = 'hindcast')
    UNION ALL SELECT FROM ingest.log_kept WHERE scope = $1::text AND (severity >= 13 OR format = 'hindcast')
    LIMIT $2::bigint) r
