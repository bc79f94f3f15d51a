SELECT entry_id, (extract(epoch FROM event_time) * 1000000)::bigint * 1000 + event_ns,
       uncertainty_ms, source_time_text, time_source, kind, record_kind, act, significance, score,
       text, actor, role, source, service, host, channel, thread_key, url, ref, severity,
       occurrences, order_established, node_key, membership, to_json(milestones), reasons, evidence
FROM correlate.entry
WHERE scope = $1::text AND incident_key = $2::text
ORDER BY position
