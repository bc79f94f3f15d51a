-- Answers in SQL: what is in the schema analyst is a contract with a version. Views over correlate ask with the
-- rights of whoever asks, so that row-level security decides; views over ingest and evidence are barriers and ask as
-- the owner. The schema responder has the views that show text once more, with the text itself (docs/security.md).

DO $$
BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO hindcast_owner', current_database());   -- a copy may lack it
END
$$;

SET LOCAL ROLE hindcast_owner;

CREATE SCHEMA responder;
COMMENT ON SCHEMA responder IS 'Views of the schema analyst that show text, with the text itself: same names, same columns';
GRANT USAGE ON SCHEMA responder TO hindcast_correlate, hindcast_responder;

-- ------------------------------------------------------------------ the version

CREATE VIEW analyst.contract WITH (security_barrier = true) AS
SELECT 1 AS version, 1 AS oldest_compatible;

-- ------------------------------------------------------------------ views with text, twice

-- $title, $text and $url of a table are its masked columns in the schema analyst and the columns themselves in
-- responder; so is $mask(...) of an expression.
DO $views$
DECLARE
    target record;
    schema text;
    body   text;
BEGIN
    FOR target IN SELECT * FROM (VALUES

('incidents', 'security_invoker', $$
SELECT i.scope, i.number AS incident, i.incident_key, i.$title AS title, i.severity, i.services, i.first_time,
       i.last_time, i.last_time - i.first_time AS duration, i.alerts, i.records, i.entries, i.declared,
       i.raised, i.month, i.service, analyst.severity_band(i.severity) AS severity_band
FROM correlate.incident i
$$),

-- The place is counted within one incident, so that asking for an incident reads that one alone.
('timeline', 'security_invoker', $$
SELECT i.scope, i.number AS incident, i.incident_key, e.position, e.event_time, e.kind, e.act,
       e.significance, e.actor, e.service, e.host, e.text, e.milestones, e.source, e.url,
       e.membership, e.reasons, e.evidence, e.entry_id, i.month, e.severity, e.order_established, e.occurrences
FROM correlate.incident i
CROSS JOIN LATERAL (
    SELECT x.event_time, x.kind, x.act, x.significance, x.actor, x.service, x.host, x.$text AS text, x.milestones,
           x.source, x.$url AS url, x.membership, x.reasons, x.evidence, x.entry_id, x.severity,
           x.order_established, x.occurrences,
           (row_number() OVER (ORDER BY x.event_time, x.event_ns, x.tie, x.entry_id COLLATE "C") - 1)::integer
               AS position
    FROM correlate.entry x WHERE x.scope = i.scope AND x.incident_no = i.incident_no) e
$$),

('entries', 'security_invoker', $$
SELECT i.scope, i.number AS incident, i.incident_key, e.entry_id, e.event_time, e.uncertainty_ms, e.time_source,
       e.kind, e.record_kind, e.act, e.significance, e.score, e.severity, e.occurrences, e.order_established,
       e.actor, e.role, e.source, e.service, e.host, e.channel, e.thread_key, e.ref, e.$text AS text,
       e.$url AS url, e.milestones, e.membership, e.reasons, e.node_key, i.month
FROM correlate.incident i
JOIN correlate.entry e ON e.scope = i.scope AND e.incident_no = i.incident_no
$$),

('episodes', 'security_invoker', $$
SELECT n.scope, n.node_key, n.source, n.fingerprint, n.first_time, n.last_time,
       n.last_time - n.first_time AS duration, n.records, n.severity, analyst.severity_band(n.severity) AS severity_band,
       n.service, n.host, n.$title AS title, n.familiar, i.number AS incident, i.incident_key, n.reason,
       (SELECT max(b.last_time) FROM correlate.node b
        WHERE b.scope = n.scope AND b.kind = n.kind AND b.source IS NOT DISTINCT FROM n.source
          AND b.fingerprint = n.fingerprint AND b.first_time < n.first_time) AS previous_time,
       date_trunc('month', n.first_time AT TIME ZONE 'UTC')::date AS month
FROM correlate.node n
LEFT JOIN correlate.incident i ON i.scope = n.scope AND i.incident_no = n.incident_no
WHERE n.kind = 'alert'
$$),

-- From the first record that says so until it is resolved, or until a day has passed without another one.
('alerts', 'security_barrier', $$
SELECT e.scope, e.uid, e.event_time AS fired_at,
       CASE WHEN fin.phase = 'resolve' THEN fin.event_time END AS resolved_at,
       f.acknowledged_at, f.acknowledged_by,
       coalesce(e.attributes #>> '{labels,alertname}', e.attributes ->> 'ruleName', e.attributes #>> '{alert,ruleName}',
                e.attributes ->> 'AlertName', e.attributes ->> 'alertName', e.attributes #>> '{labels,rulename}',
                e.attributes ->> 'condition_name', e.attributes ->> 'conditionName', e.attributes ->> 'policy_name',
                e.attributes ->> 'policyName', e.attributes ->> 'check_name', e.attributes #>> '{monitor,name}',
                $mask(e.title)) AS rule,
       e.source, coalesce(e.fingerprint, e.dedup_key) AS fingerprint, e.service, e.environment, e.host, e.severity,
       analyst.severity_band(e.severity) AS severity_band, $mask(e.title) AS title, $mask(e.body) AS text,
       f.firings, i.number AS incident, i.incident_key,
       f.acted OR coalesce(a.acted, false) AS acted_on,
       date_trunc('month', e.event_time AT TIME ZONE 'UTC')::date AS month,
       s.topic, s.incarnation, s.partition, e.record_offset, e.idx
FROM ingest.event e
JOIN evidence.stream s USING (stream_id)
LEFT JOIN correlate.member m ON m.uid = e.uid AND m.scope = e.scope
LEFT JOIN correlate.incident i ON i.scope = m.scope AND i.incident_no = m.incident_no
LEFT JOIN LATERAL (
    SELECT b.phase, b.event_time FROM ingest.event b
    WHERE b.kind = 'alert' AND b.scope = e.scope
      AND ingest.alert_key(b.source, b.fingerprint, b.dedup_key, b.title, b.service, b.host, b.environment)
          = ingest.alert_key(e.source, e.fingerprint, e.dedup_key, e.title, e.service, e.host, e.environment)
      AND coalesce(b.phase, 'trigger') IN ('trigger', 'reopen', 'resolve')
      AND b.uid <> e.uid
      AND (b.event_time, b.event_ns, coalesce(b.phase, 'trigger') = 'resolve', b.uid)
          < (e.event_time, e.event_ns, false, e.uid)
    ORDER BY b.event_time DESC, b.event_ns DESC, coalesce(b.phase, 'trigger') = 'resolve' DESC, b.uid DESC
    LIMIT 1) before ON true
LEFT JOIN LATERAL (
    SELECT n.phase, n.event_time
    FROM (SELECT b.phase, b.event_time, b.event_ns, coalesce(b.phase, 'trigger') = 'resolve' AS over, b.uid,
                 lag(b.event_time) OVER o AS last
          FROM ingest.event b
          WHERE b.kind = 'alert' AND b.scope = e.scope
            AND ingest.alert_key(b.source, b.fingerprint, b.dedup_key, b.title, b.service, b.host, b.environment)
                = ingest.alert_key(e.source, e.fingerprint, e.dedup_key, e.title, e.service, e.host, e.environment)
            AND coalesce(b.phase, 'trigger') IN ('trigger', 'reopen', 'resolve')
            AND (b.event_time, b.event_ns, coalesce(b.phase, 'trigger') = 'resolve', b.uid)
                >= (e.event_time, e.event_ns, false, e.uid)
          WINDOW o AS (ORDER BY b.event_time, b.event_ns, coalesce(b.phase, 'trigger') = 'resolve', b.uid)) n
    WHERE n.over OR n.event_time - n.last > interval '1 day'
    ORDER BY n.event_time, n.event_ns, n.over, n.uid LIMIT 1) fin ON true
CROSS JOIN LATERAL (
    SELECT min(b.event_time) FILTER (WHERE b.phase = 'ack') AS acknowledged_at,
           (array_agg(b.actor ORDER BY b.event_time, b.event_ns, b.uid)
                FILTER (WHERE b.phase = 'ack' AND b.actor IS NOT NULL))[1] AS acknowledged_by,
           count(DISTINCT b.uid) FILTER (WHERE coalesce(b.phase, 'trigger') IN ('trigger', 'reopen')) AS firings,
           coalesce(bool_or(b.phase IN ('ack', 'escalate', 'reassign', 'snooze', 'note', 'suppress')
                            AND b.actor_type IS DISTINCT FROM 'bot' AND b.actor_type IS DISTINCT FROM 'system'
                            AND b.actor IS NOT NULL), false) AS acted
    FROM ingest.event b
    WHERE b.kind = 'alert' AND b.scope = e.scope
      AND ingest.alert_key(b.source, b.fingerprint, b.dedup_key, b.title, b.service, b.host, b.environment)
          = ingest.alert_key(e.source, e.fingerprint, e.dedup_key, e.title, e.service, e.host, e.environment)
      AND b.event_time >= e.event_time
      AND (b.event_time < fin.event_time OR b.event_time = fin.event_time AND fin.phase = 'resolve'
           OR fin.event_time IS NULL)) f
LEFT JOIN LATERAL (
    SELECT true AS acted FROM correlate.entry t
    WHERE t.scope = m.scope AND t.incident_no = m.incident_no AND t.actor IS NOT NULL
      AND t.event_time >= e.event_time AND t.event_time <= coalesce(fin.event_time, 'infinity')
      AND t.kind IN ('alert_acknowledged', 'escalation', 'status_change', 'severity_change', 'role_change',
                     'responder_joined', 'chat_message', 'chat_pinned', 'decision', 'action_taken',
                     'change_reverted', 'runbook_step', 'note')
    LIMIT 1) a ON true
WHERE e.kind = 'alert' AND e.event_time > '-infinity' AND coalesce(e.phase, 'trigger') IN ('trigger', 'reopen')
  AND (before.event_time IS NULL OR before.phase = 'resolve'
       OR e.event_time - before.event_time > interval '1 day')
  AND NOT EXISTS (SELECT FROM correlate.delivery d
                  WHERE d.scope = e.scope AND d.uid = e.uid AND d.stream_id = e.stream_id
                    AND d.record_offset = e.record_offset AND d.idx = e.idx AND NOT d.counts)
$$),

('changes', 'security_barrier', $$
SELECT e.scope, e.uid, e.record_kind AS kind, e.event_time, c.started_at, c.finished_at, c.outcome,
       coalesce(e.attributes ->> 'version', e.attributes ->> 'app_version', e.attributes #>> '{release,version}',
                e.attributes #>> '{release,tag_name}', e.attributes ->> 'tag_name', e.attributes ->> 'tag',
                e.attributes ->> 'ref', e.attributes ->> 'revision') AS version,
       e.ref, e.service, e.environment, e.actor AS author, e.source, $mask(e.title) AS title, $mask(e.body) AS text,
       i.number AS incident, i.incident_key,
       r.ref AS reverted_by, r.event_time AS reverted_at,
       date_trunc('month', e.event_time AT TIME ZONE 'UTC')::date AS month,
       s.topic, s.incarnation, s.partition, e.record_offset, e.idx
FROM ingest.event e
JOIN evidence.stream s USING (stream_id)
LEFT JOIN correlate.member m ON m.uid = e.uid AND m.scope = e.scope
LEFT JOIN correlate.incident i ON i.scope = m.scope AND i.incident_no = m.incident_no
CROSS JOIN LATERAL (
    SELECT min(b.event_time) FILTER (WHERE b.phase IN ('queued', 'started')) AS started_at,
           max(b.event_time) FILTER (WHERE b.phase IN ('succeeded', 'failed', 'cancelled', 'rolled_back')) AS finished_at,
           (array_agg(b.phase ORDER BY b.event_time DESC, b.event_ns DESC, b.uid DESC)
                FILTER (WHERE b.phase IN ('succeeded', 'failed', 'cancelled', 'rolled_back')))[1] AS outcome
    FROM ingest.event b
    WHERE b.kind = 'change' AND b.scope = e.scope
      AND ingest.change_key(b.source, b.record_kind, b.ref, b.uid)
          = ingest.change_key(e.source, e.record_kind, e.ref, e.uid)) c
LEFT JOIN LATERAL (
    SELECT coalesce(n.ref, n.uid::text) AS ref, n.event_time
    FROM (SELECT b.uid, b.ref, b.event_time, b.phase FROM ingest.event b
          WHERE b.kind = 'change' AND b.scope = e.scope AND b.service = e.service
            AND b.record_kind = e.record_kind AND b.event_time > e.event_time
            AND ingest.change_key(b.source, b.record_kind, b.ref, b.uid)
                <> ingest.change_key(e.source, e.record_kind, e.ref, e.uid)
          ORDER BY b.event_time, b.event_ns, b.uid LIMIT 1) n
    WHERE n.phase = 'rolled_back' OR EXISTS (
        SELECT FROM correlate.member v
        JOIN correlate.entry t ON t.scope = v.scope AND t.incident_no = v.incident_no
        WHERE v.uid = n.uid AND v.scope = e.scope AND t.kind = 'change_reverted'
          AND t.event_time = n.event_time AND t.ref IS NOT DISTINCT FROM n.ref)) r ON true
WHERE e.kind = 'change' AND e.event_time > '-infinity'
  AND NOT EXISTS (
    SELECT FROM ingest.event b
    WHERE b.kind = 'change' AND b.scope = e.scope
      AND ingest.change_key(b.source, b.record_kind, b.ref, b.uid)
          = ingest.change_key(e.source, e.record_kind, e.ref, e.uid)
      AND b.event_time <= e.event_time AND b.event_time > '-infinity' AND b.uid <> e.uid
      AND (b.event_time, b.event_ns, b.uid) < (e.event_time, e.event_ns, e.uid))
  AND NOT EXISTS (SELECT FROM correlate.delivery d
                  WHERE d.scope = e.scope AND d.uid = e.uid AND d.stream_id = e.stream_id
                    AND d.record_offset = e.record_offset AND d.idx = e.idx AND NOT d.counts)
$$),

('chat', 'security_barrier', $$
SELECT e.scope, e.uid, e.event_time, e.channel, e.thread_key, e.phase, e.actor, e.actor_type, e.record_kind,
       $mask(coalesce(e.body, e.title)) AS text, e.marks, e.source, e.time_source, i.number AS incident, i.incident_key,
       s.topic, s.incarnation, s.partition, e.record_offset, e.idx
FROM ingest.event e
JOIN evidence.stream s USING (stream_id)
LEFT JOIN correlate.member m ON m.uid = e.uid AND m.scope = e.scope
LEFT JOIN correlate.incident i ON i.scope = m.scope AND i.incident_no = m.incident_no
WHERE e.kind = 'chat' AND e.event_time > '-infinity'
  AND NOT EXISTS (SELECT FROM correlate.delivery d
                  WHERE d.scope = e.scope AND d.uid = e.uid AND d.stream_id = e.stream_id
                    AND d.record_offset = e.record_offset AND d.idx = e.idx AND NOT d.counts)
$$),

-- A line is in both tables while its partition is about to go.
('logs', 'security_barrier', $$
SELECT l.scope, l.event_time, l.severity, analyst.severity_band(l.severity) AS severity_band, l.severity_text,
       l.service, l.environment, l.host, l.actor, l.trace_id, l.correlation_key,
       $mask(coalesce(l.title, l.body)) AS text, l.source, l.format, l.time_source, l.file, l.line, l.uid,
       s.topic, s.incarnation, s.partition, l.record_offset, l.idx
FROM (
    SELECT a.scope, a.event_time, a.severity, a.severity_text, a.service, a.environment, a.host, a.actor, a.trace_id,
           a.correlation_key, a.title, a.body, a.source, a.format, a.time_source, a.file, a.line, a.uid, a.stream_id,
           a.record_offset, a.idx
    FROM ingest.log a WHERE a.event_time > '-infinity'
    UNION ALL
    SELECT k.scope, k.event_time, k.severity, k.severity_text, k.service, k.environment, k.host, k.actor, k.trace_id,
           k.correlation_key, k.title, k.body, k.source, k.format, k.time_source, k.file, k.line, k.uid, k.stream_id,
           k.record_offset, k.idx
    FROM ingest.log_kept k
    WHERE k.event_time > '-infinity' AND NOT EXISTS (
        SELECT FROM ingest.log a WHERE a.stream_id = k.stream_id AND a.record_offset = k.record_offset
                                   AND a.idx = k.idx AND a.event_time = k.event_time)) l
JOIN evidence.stream s USING (stream_id)
$$)

        ) AS v(name, option, body) LOOP
        FOREACH schema IN ARRAY ARRAY['analyst', 'responder'] LOOP
            body := replace(target.body, '$mask(', CASE schema WHEN 'analyst' THEN 'analyst.masked(' ELSE '(' END);
            body := regexp_replace(body, '\$(title|text|url)', CASE schema WHEN 'analyst' THEN 'masked_' ELSE '' END || '\1', 'g');
            EXECUTE format('CREATE OR REPLACE VIEW %I.%I WITH (%s = true) AS %s', schema, target.name, target.option, body);
        END LOOP;
    END LOOP;
END
$views$;

-- ------------------------------------------------------------------ views without text

CREATE OR REPLACE VIEW analyst.milestones WITH (security_invoker = true) AS
SELECT i.scope, i.number AS incident, i.incident_key, m.milestone, m.event_time, m.entry_id, m.confidence,
       analyst.is_stated(m.milestone, e.kind, e.act) AS stated, i.month
FROM correlate.incident i
JOIN correlate.milestone m ON m.scope = i.scope AND m.incident_no = i.incident_no
LEFT JOIN correlate.entry e ON e.scope = m.scope AND e.incident_no = m.incident_no AND e.entry_id = m.entry_id;

CREATE VIEW analyst.durations WITH (security_invoker = true) AS
SELECT i.scope, i.number AS incident, i.incident_key, i.month, i.service, i.services, i.severity,
       analyst.severity_band(i.severity) AS severity_band, i.raised, i.declared,
       t.started_at, t.started_stated, t.detected_at, t.detected_stated, t.acknowledged_at, t.acknowledged_stated,
       t.mitigated_at, t.mitigated_stated, t.recovered_at, t.recovered_stated, t.resolved_at, t.resolved_stated,
       CASE WHEN t.detected_at >= t.started_at THEN t.detected_at - t.started_at END AS time_to_detect,
       CASE WHEN t.acknowledged_at >= t.detected_at THEN t.acknowledged_at - t.detected_at END AS time_to_acknowledge,
       CASE WHEN t.mitigated_at >= t.detected_at THEN t.mitigated_at - t.detected_at END AS time_to_mitigate,
       CASE WHEN t.recovered_at >= t.started_at THEN t.recovered_at - t.started_at END AS time_to_recover,
       CASE WHEN t.resolved_at >= t.detected_at THEN t.resolved_at - t.detected_at END AS time_to_resolve
FROM correlate.incident i
CROSS JOIN LATERAL (
    SELECT min(m.event_time) FILTER (WHERE m.milestone = 'impact_started') AS started_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'impact_started') AS started_stated,
           min(m.event_time) FILTER (WHERE m.milestone = 'detected') AS detected_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'detected') AS detected_stated,
           min(m.event_time) FILTER (WHERE m.milestone = 'acknowledged') AS acknowledged_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'acknowledged') AS acknowledged_stated,
           max(m.event_time) FILTER (WHERE m.milestone = 'mitigated') AS mitigated_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'mitigated') AS mitigated_stated,
           max(m.event_time) FILTER (WHERE m.milestone = 'recovered') AS recovered_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'recovered') AS recovered_stated,
           max(m.event_time) FILTER (WHERE m.milestone = 'resolved') AS resolved_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'resolved') AS resolved_stated
    FROM (SELECT x.milestone, x.event_time, analyst.is_stated(x.milestone, e.kind, e.act) AS stated
          FROM correlate.milestone x
          LEFT JOIN correlate.entry e ON e.scope = x.scope AND e.incident_no = x.incident_no
                                     AND e.entry_id = x.entry_id
          WHERE x.scope = i.scope AND x.incident_no = i.incident_no) m) t;

CREATE VIEW analyst.evidence WITH (security_invoker = true) AS
SELECT i.scope, i.number AS incident, i.incident_key, e.entry_id, e.event_time, r.topic, r.incarnation, r.partition,
       r."offset" AS record_offset, r.index AS idx, r.sha256, r.file, r.line, i.month
FROM correlate.incident i
JOIN correlate.entry e ON e.scope = i.scope AND e.incident_no = i.incident_no
CROSS JOIN LATERAL jsonb_to_recordset(e.evidence) AS r(topic text, incarnation integer, partition integer,
    "offset" bigint, index integer, sha256 text, file text, line bigint);

-- Counted within one incident.
CREATE VIEW analyst.people WITH (security_invoker = true) AS
SELECT i.scope, i.number AS incident, i.incident_key, i.month, p.name, p.entries, p.messages, p.acknowledgements,
       p.decisions, p.actions, p.changes, p.first_time, p.last_time
FROM correlate.incident i
CROSS JOIN LATERAL (
    SELECT e.actor AS name,
           count(*) AS entries,
           count(*) FILTER (WHERE e.record_kind IN ('chat', 'linked_message')) AS messages,
           count(*) FILTER (WHERE e.kind = 'alert_acknowledged' OR e.act = 'ack') AS acknowledgements,
           count(*) FILTER (WHERE e.kind = 'decision' OR e.act = 'decision') AS decisions,
           count(*) FILTER (WHERE e.kind IN ('action_taken', 'runbook_step') OR e.act IN ('action', 'rollback')) AS actions,
           count(*) FILTER (WHERE e.kind IN ('change_started', 'change_finished', 'change_reverted')) AS changes,
           min(e.event_time) AS first_time, max(e.event_time) AS last_time
    FROM correlate.entry e
    WHERE e.scope = i.scope AND e.incident_no = i.incident_no AND e.actor IS NOT NULL
    GROUP BY e.actor) p;

CREATE VIEW analyst.sources WITH (security_invoker = true) AS
SELECT i.scope, i.number AS incident, i.incident_key, i.month, s.source, s.record_kind, s.entries, s.records, s.key_entries,
       s.assumed_times, s.first_time, s.last_time
FROM correlate.incident i
CROSS JOIN LATERAL (
    SELECT e.source, e.record_kind, count(*) AS entries, sum(e.occurrences)::bigint AS records,
           count(*) FILTER (WHERE e.significance = 'key') AS key_entries,
           count(*) FILTER (WHERE e.time_source <> 'native') AS assumed_times,
           min(e.event_time) AS first_time, max(e.event_time) AS last_time
    FROM correlate.entry e
    WHERE e.scope = i.scope AND e.incident_no = i.incident_no
    GROUP BY e.source, e.record_kind) s;

CREATE VIEW analyst.log_minutes WITH (security_barrier = true) AS
SELECT scope, minute, nullif(service, '') AS service, sum(events)::bigint AS lines,
       coalesce(sum(events) FILTER (WHERE severity >= 17), 0)::bigint AS errors,
       coalesce(sum(events) FILTER (WHERE severity BETWEEN 13 AND 16), 0)::bigint AS warnings
FROM (SELECT scope, minute, service, severity, events FROM evidence.minute WHERE kind = 'log'
      UNION ALL
      SELECT scope, minute, service, severity, events FROM evidence.delta
      WHERE kind = 'log' AND minute IS NOT NULL AND scope IS NOT NULL) m
GROUP BY scope, minute, nullif(service, '') HAVING sum(events) <> 0;

CREATE VIEW analyst.quarantine WITH (security_barrier = true) AS
SELECT s.cluster_id, s.topic, s.incarnation, s.partition, q.record_offset, q.reason, q.format_guess, q.state
FROM evidence.quarantine q JOIN evidence.stream s USING (stream_id);

CREATE VIEW responder.quarantine WITH (security_barrier = true) AS
SELECT s.cluster_id, s.topic, s.incarnation, s.partition, q.record_offset, q.reason, q.format_guess, q.state, q.detail
FROM evidence.quarantine q JOIN evidence.stream s USING (stream_id);

-- ------------------------------------------------------------------ comments: what, unit, null, source

COMMENT ON VIEW analyst.contract IS 'Version of this contract: raised when a column goes or means something else, which a release tells ahead; columns are added at the end without raising it';
COMMENT ON VIEW analyst.incidents IS 'One row per incident';
COMMENT ON VIEW analyst.timeline IS 'Timeline entries of all incidents; order by incident, position';
COMMENT ON VIEW analyst.entries IS 'Timeline entries with all that is derived of them, without a place: that of timeline needs all entries of an incident';
COMMENT ON VIEW analyst.evidence IS 'The records that prove an entry, up to 10 of each';
COMMENT ON VIEW analyst.durations IS 'One row per incident: its moments and the time between them. A moment is stated by a record, or possible';
COMMENT ON VIEW analyst.alerts IS 'One row per occurrence of an alert: from the first record that says it fires until it is resolved, or until nothing was heard of it for a day. Deliveries that another one stands for are left out as far as correlated';
COMMENT ON VIEW analyst.episodes IS 'Runs of an alert by its key, in or out of incidents: records of one source and fingerprint that lie close to each other';
COMMENT ON VIEW analyst.changes IS 'One row per deployment, commit or merge, told by one record or several';
COMMENT ON VIEW analyst.chat IS 'Messages, their edits, reactions and the like, the version that counts of each';
COMMENT ON VIEW analyst.logs IS 'Log lines with a time, also those that outlived their partition; ask for a span of time, a service and a span, or a trace';
COMMENT ON VIEW analyst.log_minutes IS 'Log lines per minute of event time, by scope and service. Deliveries count, those that came again included';
COMMENT ON VIEW analyst.people IS 'Who acted in an incident, by names as written, and how often each kind of activity was seen. Counts say who was there, never how well: people are not ranked';
COMMENT ON VIEW analyst.sources IS 'Who tells of an incident: each source with what kind of records it has there';
COMMENT ON VIEW analyst.quarantine IS 'Records that could not be read. What exactly was wrong may quote them and is in responder.quarantine';
COMMENT ON VIEW responder.quarantine IS 'Records that could not be read, with what exactly was wrong';
COMMENT ON VIEW responder.incidents IS 'analyst.incidents with the title itself';
COMMENT ON VIEW responder.timeline IS 'analyst.timeline with text and link themselves';
COMMENT ON VIEW responder.entries IS 'analyst.entries with text and link themselves';
COMMENT ON VIEW responder.alerts IS 'analyst.alerts with title and text themselves';
COMMENT ON VIEW responder.episodes IS 'analyst.episodes with the title itself';
COMMENT ON VIEW responder.changes IS 'analyst.changes with title and text themselves';
COMMENT ON VIEW responder.chat IS 'analyst.chat with the text itself';
COMMENT ON VIEW responder.logs IS 'analyst.logs with the text itself';

-- ------------------------------------------------------------------ who may ask

GRANT SELECT ON analyst.contract, analyst.entries, analyst.evidence, analyst.durations, analyst.alerts,
    analyst.episodes, analyst.changes, analyst.chat, analyst.logs, analyst.log_minutes, analyst.people,
    analyst.sources, analyst.quarantine, analyst.watermark
    TO hindcast_correlate, hindcast_responder, hindcast_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA responder TO hindcast_correlate, hindcast_responder;

RESET ROLE;
