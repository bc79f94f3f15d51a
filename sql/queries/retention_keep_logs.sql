-- command: every line that the correlator reads outlives its partition; the WHERE is that of
-- casebook_observations.sql.
SELECT format('INSERT INTO ingest.log_kept SELECT * FROM %s'
              ' WHERE severity >= 13 OR format = ''hindcast'''
              ' OR (uid IS NOT NULL AND ingest.came_again(scope, uid)) ON CONFLICT DO NOTHING', $1::text)
