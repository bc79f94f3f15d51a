-- What makes a scope stale: a batch says which scopes got something that correlation reads, so that ten
-- lines a second that it does not read cost nothing, and what it reads of log lines has an index.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE evidence.batch ADD COLUMN scopes text[];
COMMENT ON COLUMN evidence.batch.scopes IS
    'Scopes that got something which correlation reads: events, log lines that are notable or identified; empty: none; null: not said, so every scope';
CREATE INDEX batch_news ON evidence.batch (stream_id, seq) WHERE scopes IS DISTINCT FROM '{}';
COMMENT ON INDEX evidence.batch_news IS 'The batches that make a scope stale, without those that make none';

CREATE INDEX log_notable ON ingest.log (scope) WHERE severity >= 13 OR format = 'hindcast';
CREATE INDEX log_kept_notable ON ingest.log_kept (scope) WHERE severity >= 13 OR format = 'hindcast';
COMMENT ON INDEX ingest.log_notable IS 'The log lines that correlation reads whatever their identity; the WHERE of casebook_observations.sql';
COMMENT ON INDEX ingest.log_kept_notable IS 'The same of lines that outlived their partition';

COMMENT ON TABLE correlate.cursor IS 'How far the correlator has read evidence.batch. Batches that say nothing to the scope may lie above';
COMMENT ON COLUMN correlate.cursor.stream_id IS 'Stream; 0: number of declarations, -1: digest of the settings';
COMMENT ON COLUMN correlate.cursor.seq IS 'Last batch taken into account';

-- Only what the scope has to read counts as behind, and holds the watermark back.
CREATE OR REPLACE VIEW analyst.watermark WITH (security_barrier = true) AS
WITH RECURSIVE hop AS (
    (SELECT scope FROM ingest.event ORDER BY scope LIMIT 1)
    UNION ALL
    SELECT (SELECT e.scope FROM ingest.event e WHERE e.scope > hop.scope ORDER BY e.scope LIMIT 1)
    FROM hop WHERE hop.scope IS NOT NULL
), scopes AS (
    SELECT n.scope, EXISTS (SELECT FROM correlate.cursor c WHERE c.scope = n.scope) AS correlated
    FROM (SELECT scope FROM hop WHERE scope IS NOT NULL
          UNION SELECT scope FROM correlate.cursor) n
), streams AS (
    SELECT t.*, t.incarnation = max(t.incarnation)
           OVER (PARTITION BY t.cluster_id, t.topic, t.partition) AS current
    FROM evidence.stream t
), positions AS (
    SELECT n.scope, n.correlated, t.stream_id, t.topic, t.partition, t.max_event_time, p.behind,
           least(CASE WHEN t.current THEN t.max_event_time END,
                 CASE WHEN n.correlated THEN p.pending END) AS reached
    FROM scopes n
    CROSS JOIN streams t
    LEFT JOIN correlate.cursor c ON c.scope = n.scope AND c.stream_id = t.stream_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS behind, min(b.min_event_time) AS pending FROM evidence.batch b
        WHERE b.stream_id = t.stream_id AND b.seq > coalesce(c.seq, 0)
          AND b.scopes IS DISTINCT FROM '{}' AND (b.scopes IS NULL OR n.scope = ANY (b.scopes))) p
)
SELECT scope,
       CASE WHEN bool_or(correlated) THEN min(reached) END AS watermark,
       max(max_event_time) AS newest_event_time,
       sum(behind)::bigint AS batches_behind,
       CASE WHEN bool_or(correlated) THEN
           (array_agg(topic ORDER BY reached, topic COLLATE "C", partition))[1] END AS held_by_topic,
       CASE WHEN bool_or(correlated) THEN
           (array_agg(partition ORDER BY reached, topic COLLATE "C", partition))[1] END
           AS held_by_partition
FROM positions GROUP BY scope;

RESET ROLE;
