-- Late lines of a partition that is about to be removed: the columns of copy_log.sql.
COPY ingest.log_kept (stream_id, record_offset, event_time, kafka_time, idx, event_ns, severity, scope,
    precision, time_source, record_kind, format, source, source_time_text, service, environment,
    host, severity_text, actor, trace_id, correlation_key, incident_ref, url, ref, identity, uid,
    body, attributes, file, line, title)
FROM STDIN (FORMAT binary)
