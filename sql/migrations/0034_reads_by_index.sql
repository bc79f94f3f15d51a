-- Views of the contract read by index what they are asked for, however long the series of an alert and the table of
-- entries are (tests/bench/queries). And log lines are looked up by trace where their day is closed: `hindcast retention`
-- makes that index when it freezes a partition, so that COPY pays nothing for it.

SET LOCAL ROLE hindcast_owner;

UPDATE evidence.partition SET frozen = false WHERE parent = 'ingest.log' AND frozen;
COMMENT ON COLUMN evidence.partition.frozen IS 'Vacuumed and analyzed after its last day, log lines indexed by trace';

-- What sorts the records of an alert is in the index: who asks for the next one reads that one.
DROP INDEX ingest.event_alert_series;
CREATE INDEX event_alert_series ON ingest.event
    (scope, ingest.alert_key(source, fingerprint, dedup_key, title, service, host, environment), event_time, event_ns,
     (coalesce(phase, 'trigger') = 'resolve'), uid)
    WHERE kind = 'alert';
COMMENT ON INDEX ingest.event_alert_series IS 'Records of one alert one after the other; at one time those that say it fires come first';

CREATE INDEX event_change_service ON ingest.event (scope, service, event_time, event_ns, uid)
    WHERE kind = 'change' AND service IS NOT NULL;
COMMENT ON INDEX ingest.event_change_service IS 'Changes of a service one after the other: which one took another back';

DO $views$
DECLARE
    schema text;
    body   constant text := $$
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
      AND b.event_time >= e.event_time AND b.event_time <= coalesce(fin.event_time, 'infinity')) f
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
$$;
BEGIN
    FOREACH schema IN ARRAY ARRAY['analyst', 'responder'] LOOP
        EXECUTE format('CREATE OR REPLACE VIEW %I.alerts WITH (security_barrier = true) AS %s', schema,
                       replace(body, '$mask(', CASE schema WHEN 'analyst' THEN 'analyst.masked(' ELSE '(' END));
    END LOOP;
END
$views$;

-- Counted within one incident.
CREATE OR REPLACE VIEW analyst.people WITH (security_invoker = true) AS
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

CREATE OR REPLACE VIEW analyst.sources WITH (security_invoker = true) AS
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

RESET ROLE;
