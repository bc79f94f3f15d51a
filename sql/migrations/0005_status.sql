-- What `hindcast status` and /metrics show, as views: where reading stands per partition, how far the
-- correlator is per scope, what is in quarantine, what was missing. docs/status.md defines the numbers.

SET LOCAL ROLE hindcast_owner;

CREATE INDEX quarantine_open ON evidence.quarantine (reason, stream_id, record_offset)
    WHERE state = 'open';
COMMENT ON INDEX evidence.quarantine_open IS 'Counts by reason, and the first example of each, without reading the rows';

-- The batches of the last minutes are found by walking back from the last one: there is no index by
-- time, and none is needed, because numbers have no gaps and times only grow.
CREATE VIEW analyst.stream_status WITH (security_barrier = true) AS
SELECT s.stream_id, s.cluster_id, s.topic, s.incarnation, s.partition,
       s.incarnation = max(s.incarnation)
           OVER (PARTITION BY s.cluster_id, s.topic, s.partition) AS current,
       s.first_offset, s.next_offset, s.records, s.stored, s.condensed, s.empty, s.tombstones,
       s.quarantined, s.holes, s.lost, s.events,
       s.records = s.stored + s.condensed + s.empty + s.tombstones + s.quarantined
           AND (s.next_offset IS NULL OR s.next_offset - s.first_offset = s.records + s.holes + s.lost)
           AS adds_up,
       s.max_event_time, b.committed_at AS last_commit, s.owner_name,
       a.pid IS NOT NULL AS owner_connected,
       r.records_1m, r.events_1m, r.records_10m, r.events_10m
FROM evidence.stream s
LEFT JOIN evidence.batch b ON b.stream_id = s.stream_id AND b.seq = s.seq
-- Roles without rights on the other backend see its pid, but not when it started.
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.owner_pid
    AND a.datname = current_database()
    AND (a.backend_start IS NULL OR a.backend_start = s.owner_start)
CROSS JOIN LATERAL (
    WITH RECURSIVE back AS (
        SELECT n.seq, n.committed_at, n.records, n.events FROM evidence.batch n
        WHERE n.stream_id = s.stream_id AND n.seq = s.seq
          AND n.committed_at > now() - interval '10 minutes'
        UNION ALL
        SELECT n.seq, n.committed_at, n.records, n.events
        FROM back JOIN evidence.batch n ON n.stream_id = s.stream_id AND n.seq = back.seq - 1
        WHERE n.committed_at > now() - interval '10 minutes'
    )
    SELECT coalesce(sum(records) FILTER (WHERE committed_at > now() - interval '1 minute'), 0)::bigint
               AS records_1m,
           coalesce(sum(events) FILTER (WHERE committed_at > now() - interval '1 minute'), 0)::bigint
               AS events_1m,
           coalesce(sum(records), 0)::bigint AS records_10m,
           coalesce(sum(events), 0)::bigint AS events_10m
    FROM back) r;
COMMENT ON VIEW analyst.stream_status IS 'One row per partition and incarnation: stored offset, ledger, owner, last commit, what came in the last 1 and 10 minutes';

CREATE VIEW analyst.watermark WITH (security_barrier = true) AS
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
    SELECT n.scope, n.correlated, t.stream_id, t.topic, t.partition, t.max_event_time,
           greatest(t.seq - coalesce(c.seq, 0), 0) AS behind,
           least(CASE WHEN t.current THEN t.max_event_time END, p.pending) AS reached
    FROM scopes n
    CROSS JOIN streams t
    LEFT JOIN correlate.cursor c ON c.scope = n.scope AND c.stream_id = t.stream_id
    CROSS JOIN LATERAL (
        SELECT min(b.min_event_time) AS pending FROM evidence.batch b
        WHERE n.correlated AND b.stream_id = t.stream_id AND b.seq > coalesce(c.seq, 0)) p
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
COMMENT ON VIEW analyst.watermark IS 'One row per scope: event time up to which every partition was read and correlated (null: never correlated), and what holds it back';
-- The view reads as its owner, and row-level security is forced upon owners too.
CREATE POLICY status ON correlate.cursor FOR SELECT TO hindcast_owner USING (true);

CREATE VIEW analyst.quarantine_reasons WITH (security_barrier = true) AS
SELECT q.reason, q.records, e.topic, e.incarnation, e.partition, e.record_offset, e.format_guess,
       e.detail
FROM (SELECT reason, count(*) AS records FROM evidence.quarantine WHERE state = 'open'
      GROUP BY reason) q
CROSS JOIN LATERAL (
    SELECT s.topic, s.incarnation, s.partition, x.record_offset, x.format_guess, x.detail
    FROM evidence.stream s
    CROSS JOIN LATERAL (
        SELECT y.record_offset, y.format_guess, y.detail FROM evidence.quarantine y
        WHERE y.state = 'open' AND y.reason = q.reason AND y.stream_id = s.stream_id
        ORDER BY y.record_offset LIMIT 1) x
    ORDER BY s.cluster_id COLLATE "C", s.topic COLLATE "C", s.incarnation, s.partition LIMIT 1) e;
COMMENT ON VIEW analyst.quarantine_reasons IS 'Open quarantine by reason, with the record of the smallest coordinates as example; details may quote records';

CREATE VIEW analyst.source_gaps WITH (security_barrier = true) AS
SELECT s.cluster_id, s.topic, s.incarnation, s.partition, g.from_offset, g.to_offset, g.kind, g.seen_at
FROM evidence.source_gap g JOIN evidence.stream s USING (stream_id);
COMMENT ON VIEW analyst.source_gaps IS 'Offsets that could not be read, and why';

-- Names of scopes and details of records are for the processes; the rest is for people as well.
GRANT USAGE ON SCHEMA analyst TO hindcast_ingest;
GRANT SELECT ON analyst.stream_status, analyst.source_gaps
    TO hindcast_ingest, hindcast_correlate, hindcast_responder, hindcast_analyst;
GRANT SELECT ON analyst.watermark, analyst.quarantine_reasons TO hindcast_ingest, hindcast_correlate;

RESET ROLE;
