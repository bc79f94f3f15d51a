INSERT INTO correlate.entry (scope, incident_key, position, entry_id, event_time, event_ns,
    uncertainty_ms, occurrences, score, severity, order_established, kind, record_kind, act,
    significance, time_source, source_time_text, actor, role, source, service, host, channel,
    thread_key, url, ref, node_key, membership, text, milestones, reasons, evidence)
SELECT $1::text, r.incident_key, r.position, r.entry_id, r.event_time, r.event_ns,
    r.uncertainty_ms, r.occurrences, r.score, r.severity, r.order_established, r.kind, r.record_kind,
    r.act, r.significance, r.time_source, r.source_time_text, r.actor, r.role, r.source, r.service,
    r.host, r.channel, r.thread_key, r.url, r.ref, r.node_key, r.membership, r.text, r.milestones,
    r.reasons, r.evidence
FROM jsonb_to_recordset($2::jsonb) AS r(incident_key text,
    position integer, entry_id text, event_time timestamptz,
    event_ns smallint, uncertainty_ms bigint, occurrences bigint, score integer, severity smallint,
    order_established boolean, kind text, record_kind text, act text, significance text,
    time_source text, source_time_text text, actor text, role text, source text, service text,
    host text, channel text, thread_key text, url text, ref text, node_key text, membership text,
    text text, milestones text[], reasons jsonb, evidence jsonb)
