-- Nodes as those of casebook_loose_nodes.sql, of a scope that changed after a publication.
SELECT node_key, kind, declared, (extract(epoch FROM first_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM last_time) * 1000000)::bigint * 1000, records, familiar, severity, title,
       service, host, source, fingerprint, reason
FROM correlate.node
WHERE md5(scope) = md5($1::text) AND scope = $1::text AND publication > $2::bigint
  AND incident_no IS NULL
ORDER BY node_key COLLATE "C"
