-- Log lines that nobody tells a time of go by the day on which they were written; what the correlator
-- reads stays. The last condition is that of retention_keep_logs.sql.
DELETE FROM ingest.log_untimed
WHERE ingest_time < (current_date - $1::integer)::timestamptz
  AND NOT (severity >= 13 OR format = 'hindcast'
           OR (uid IS NOT NULL AND ingest.came_again(scope, uid)))
