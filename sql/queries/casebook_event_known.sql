-- Is the event that an entry cites still there?
SELECT EXISTS (SELECT FROM ingest.event
               WHERE stream_id = $1::bigint AND record_offset = $2::bigint AND idx = $3::integer)
    OR EXISTS (SELECT FROM ingest.log
               WHERE stream_id = $1::bigint AND record_offset = $2::bigint AND idx = $3::integer)
    OR EXISTS (SELECT FROM ingest.log_kept
               WHERE stream_id = $1::bigint AND record_offset = $2::bigint AND idx = $3::integer)
