-- What offsets [$2, $3) of a stream decoded to: place, scope, uid, whether something may cite it, and
-- whether it has no time. Index -1: in quarantine, with its state instead of a scope; -2: a line that
-- outlived its partition.
SELECT record_offset, idx, scope, replace(uid::text, '-', ''),
       uid IS NOT NULL OR severity >= 13 OR format = 'hindcast', event_time = '-infinity'
FROM ingest.log
WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
UNION ALL
SELECT record_offset, idx, scope, replace(uid::text, '-', ''), true, event_time = '-infinity'
FROM ingest.event
WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
UNION ALL
SELECT record_offset, -1, state, NULL, false, false FROM evidence.quarantine
WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
UNION ALL
SELECT DISTINCT record_offset, -2, NULL, NULL, false, false FROM ingest.log_kept
WHERE stream_id = $1::bigint AND record_offset >= $2::bigint AND record_offset < $3::bigint
ORDER BY 1, 2
