-- A correlator that reads what is new and what that can change (hindcast/part.h): what a batch brought of log lines is found by its
-- place, incidents by the time that they span, and it can tell that records it read before are no more what they were.

SET LOCAL ROLE hindcast_owner;

DROP INDEX ingest.log_notable, ingest.log_kept_notable;
CREATE INDEX log_notable ON ingest.log (scope, stream_id, record_offset) WHERE severity >= 13 OR format = 'hindcast';
CREATE INDEX log_kept_notable ON ingest.log_kept (scope, stream_id, record_offset) WHERE severity >= 13 OR format = 'hindcast';
CREATE INDEX log_named ON ingest.log (scope, stream_id, record_offset)
    WHERE uid IS NOT NULL AND NOT (severity >= 13 OR format = 'hindcast');
CREATE INDEX log_kept_named ON ingest.log_kept (scope, stream_id, record_offset)
    WHERE uid IS NOT NULL AND NOT (severity >= 13 OR format = 'hindcast');
COMMENT ON INDEX ingest.log_notable IS 'The log lines that correlation reads whatever their identity; the WHERE of casebook_observations.sql';
COMMENT ON INDEX ingest.log_kept_notable IS 'The same of lines that outlived their partition';
COMMENT ON INDEX ingest.log_named IS 'The other log lines that may come again, by their place: those of a batch';
COMMENT ON INDEX ingest.log_kept_named IS 'The same of lines that outlived their partition';

CREATE INDEX incident_span ON correlate.incident USING gist (
    box(point(hashtext(scope), extract(epoch FROM first_time - '1970-01-01 00:00+00'::timestamptz)::float8),
        point(hashtext(scope), extract(epoch FROM last_time - '1970-01-01 00:00+00'::timestamptz)::float8)));
COMMENT ON INDEX correlate.incident_span IS 'Incidents of a scope by the time that they span';

ALTER TABLE correlate.group_scope ADD COLUMN rewritten bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN correlate.group_scope.rewritten IS 'How often records of the scope were decoded anew or taken away; a cursor that stands for less is no cursor to go on from';
COMMENT ON COLUMN correlate.cursor.stream_id IS 'Stream; 0: number of declarations and decisions, -1: number of the configuration, -2: correlate.group_scope.rewritten';
-- Who decodes anew or takes records away may say so, and nothing else.
CREATE POLICY rewriting ON correlate.group_scope TO hindcast_owner USING (true) WITH CHECK (config_digest IS NULL);

RESET ROLE;
