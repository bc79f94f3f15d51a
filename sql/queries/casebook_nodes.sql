SELECT node_key, kind, declared, (extract(epoch FROM first_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM last_time) * 1000000)::bigint * 1000, records, familiar, severity, title,
       service, host, source, fingerprint, reason
FROM correlate.node
WHERE scope = $1::text AND incident_no = $2::bigint
ORDER BY node_key COLLATE "C"
