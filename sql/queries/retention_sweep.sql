-- Late lines that came while their partition was being removed, and that nothing reads.
DELETE FROM ingest.log_kept
WHERE event_time < (current_date - $1::integer)::timestamptz
  AND NOT (severity >= 13 OR format = 'hindcast'
           OR (uid IS NOT NULL AND ingest.came_again(scope, uid)))
