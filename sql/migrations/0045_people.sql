-- One person from many names: an entry shows the person, and keeps the name as written with the reason why the two are one.
-- Programs are told apart from people. The correlator of a newer derivation writes all entries anew.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE correlate.entry ADD COLUMN actor_type text;
ALTER TABLE correlate.entry ADD COLUMN actor_written text;
ALTER TABLE correlate.entry ADD COLUMN actor_reason text;
COMMENT ON COLUMN correlate.entry.actor IS 'Who acted or spoke: of a person with several names the one that is shown everywhere';
COMMENT ON COLUMN correlate.entry.actor_type IS 'human, bot or system; null: not told';
COMMENT ON COLUMN correlate.entry.actor_written IS 'The name as the record writes it, where another one is shown';
COMMENT ON COLUMN correlate.entry.actor_reason IS 'Why another name is shown than the one written; of a name that stays: whose it could be';
GRANT SELECT (actor_type, actor_written, actor_reason) ON correlate.entry TO hindcast_analyst;

DO $views$
DECLARE
    schema text;
    body   text := $$
SELECT i.scope, i.number AS incident, i.incident_key, e.entry_id, e.event_time, e.uncertainty_ms, e.time_source,
       e.kind, e.record_kind, e.act, e.significance, e.score, e.severity, e.occurrences, e.order_established,
       e.actor, e.role, e.source, e.service, e.host, e.channel, e.thread_key, e.ref, e.$text AS text,
       e.$url AS url, e.milestones, e.membership, e.reasons, e.node_key, i.month,
       e.actor_type, e.actor_written, e.actor_reason
FROM correlate.incident i
JOIN correlate.entry e ON e.scope = i.scope AND e.incident_no = i.incident_no
$$;
BEGIN
    FOREACH schema IN ARRAY ARRAY['analyst', 'responder'] LOOP
        EXECUTE format('CREATE OR REPLACE VIEW %I.entries WITH (security_invoker = true) AS %s', schema,
                       CASE WHEN schema = 'analyst' THEN replace(replace(body, '$text', 'masked_text'), '$url', 'masked_url')
                            ELSE replace(replace(body, '$text', 'text'), '$url', 'url') END);
        EXECUTE format('COMMENT ON COLUMN %I.entries.actor IS %L', schema,
                       'Who acted or spoke, one person by one name; null: nobody is told');
        EXECUTE format('COMMENT ON COLUMN %I.entries.actor_type IS %L', schema, 'human, bot or system; null: not told');
        EXECUTE format('COMMENT ON COLUMN %I.entries.actor_written IS %L', schema,
                       'The name as the record writes it; null: it is the one that is shown, or nobody is told');
        EXECUTE format('COMMENT ON COLUMN %I.entries.actor_reason IS %L', schema,
                       'Why another name is shown than the one written, or whose name it could be; null: neither');
        EXECUTE format('COMMENT ON COLUMN %I.timeline.actor IS %L', schema,
                       'Who acted or spoke, one person by one name; null: nobody is told');
    END LOOP;
END
$views$;

CREATE OR REPLACE VIEW analyst.people WITH (security_invoker = true) AS
SELECT i.scope, i.number AS incident, i.incident_key, i.month, p.name, p.entries, p.messages, p.acknowledgements,
       p.decisions, p.actions, p.changes, p.first_time, p.last_time, p.names, p.roles
FROM correlate.incident i
CROSS JOIN LATERAL (
    SELECT e.actor AS name,
           count(*) AS entries,
           count(*) FILTER (WHERE e.record_kind IN ('chat', 'linked_message')) AS messages,
           count(*) FILTER (WHERE e.kind = 'alert_acknowledged' OR e.act = 'ack') AS acknowledgements,
           count(*) FILTER (WHERE e.kind = 'decision' OR e.act = 'decision') AS decisions,
           count(*) FILTER (WHERE e.kind IN ('action_taken', 'runbook_step') OR e.act IN ('action', 'rollback')) AS actions,
           count(*) FILTER (WHERE e.kind IN ('change_started', 'change_finished', 'change_reverted')) AS changes,
           min(e.event_time) AS first_time, max(e.event_time) AS last_time,
           array_agg(DISTINCT coalesce(e.actor_written, e.actor)) AS names,
           coalesce(array_agg(DISTINCT e.role) FILTER (WHERE e.role IS NOT NULL), '{}') AS roles
    FROM correlate.entry e
    WHERE e.scope = i.scope AND e.incident_no = i.incident_no AND e.actor IS NOT NULL
      AND e.actor_type IS DISTINCT FROM 'bot' AND e.actor_type IS DISTINCT FROM 'system'
    GROUP BY e.actor) p;
COMMENT ON VIEW analyst.people IS 'Who acted in an incident, one person a row, and how often each kind of activity was seen. Programs are nobody. Counts say who was there, never how well: people are not ranked';
COMMENT ON COLUMN analyst.people.name IS 'Name of the person, of several the one that is shown everywhere; never null (correlate.entry.actor)';
COMMENT ON COLUMN analyst.people.entries IS 'Entries of the incident with this person; never null';
COMMENT ON COLUMN analyst.people.names IS 'Names as the records write them, sorted; never null';
COMMENT ON COLUMN analyst.people.roles IS 'Roles that the person had in it, sorted; empty: none is told';

RESET ROLE;
