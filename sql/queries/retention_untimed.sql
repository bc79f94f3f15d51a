-- Log lines that nobody tells a time of go by the day on which they were written; what the correlator
-- reads stays. The last condition of what goes is that of retention_keep_logs.sql. One with an identity may just have come again: the
-- correlator of its scope begins anew.
WITH gone AS (
    DELETE FROM ingest.log_untimed
    WHERE ingest_time < (current_date - $1::integer)::timestamptz
      AND NOT (severity >= 13 OR format = 'hindcast'
               OR (uid IS NOT NULL AND ingest.came_again(scope, uid)))
    RETURNING scope, uid
), told AS (
    INSERT INTO correlate.group_scope AS g (scope, rewritten)
    SELECT DISTINCT scope, 1 FROM gone WHERE uid IS NOT NULL ORDER BY scope
    ON CONFLICT (scope) DO UPDATE SET (config_digest, rewritten) = (NULL, g.rewritten + 1)
)
SELECT count(*) FROM gone
