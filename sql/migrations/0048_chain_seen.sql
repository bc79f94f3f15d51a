-- Analysts see which entries tell of one change: `chain` names the entry that tells it.

SET LOCAL ROLE hindcast_owner;

GRANT SELECT (chain) ON correlate.entry TO hindcast_analyst;

DO $views$
DECLARE
    schema text;
    body   text := $$
SELECT i.scope, i.number AS incident, i.incident_key, e.entry_id, e.event_time, e.uncertainty_ms, e.time_source,
       e.kind, e.record_kind, e.act, e.significance, e.score, e.severity, e.occurrences, e.order_established,
       e.actor, e.role, e.source, e.service, e.host, e.channel, e.thread_key, e.ref, e.$text AS text,
       e.$url AS url, e.milestones, e.membership, e.reasons, e.node_key, i.month,
       e.actor_type, e.actor_written, e.actor_reason, e.chain
FROM correlate.incident i
JOIN correlate.entry e ON e.scope = i.scope AND e.incident_no = i.incident_no
$$;
BEGIN
    FOREACH schema IN ARRAY ARRAY['analyst', 'responder'] LOOP
        EXECUTE format('CREATE OR REPLACE VIEW %I.entries WITH (security_invoker = true) AS %s', schema,
                       CASE WHEN schema = 'analyst' THEN replace(replace(body, '$text', 'masked_text'), '$url', 'masked_url')
                            ELSE replace(replace(body, '$text', 'text'), '$url', 'url') END);
        EXECUTE format('COMMENT ON COLUMN %I.entries.chain IS %L', schema,
                       'entry_id of the entry that tells the change which this one belongs to; null: this one, or no change');
    END LOOP;
END
$views$;

RESET ROLE;
