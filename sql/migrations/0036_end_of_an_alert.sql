-- The record that begins the next occurrence of an alert, after a day of silence, counted among those of the one before.

SET LOCAL ROLE hindcast_owner;

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
$$;
BEGIN
    FOREACH schema IN ARRAY ARRAY['analyst', 'responder'] LOOP
        EXECUTE format('CREATE OR REPLACE VIEW %I.alerts WITH (security_barrier = true) AS %s', schema,
                       replace(body, '$mask(', CASE schema WHEN 'analyst' THEN 'analyst.masked(' ELSE '(' END));
    END LOOP;
END
$views$;

RESET ROLE;
