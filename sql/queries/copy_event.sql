-- The order of columns is that of the fields in store/delivery/rows.c.
COPY ingest.event (stream_id, record_offset, event_time, kafka_time, version, idx, marks,
    event_ns, severity, scope, kind, record_kind, phase, precision, time_source, format, source,
    source_time_text, service, environment, host, severity_text, actor, actor_type, channel,
    thread_key, dedup_key, fingerprint, group_key, correlation_key, incident_ref, trace_id, ref,
    url, identity, uid, title, body, attributes, source_sequence, file, line)
FROM STDIN (FORMAT binary)
