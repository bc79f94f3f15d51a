-- Rows that did not change are left alone.
INSERT INTO correlate.node AS n (scope, node_key, first_time, last_time, records, severity, familiar,
    declared, kind, source, fingerprint, service, host, title, incident_no, reason, publication)
SELECT $1::text, r.node_key, r.first_time, r.last_time, r.records, r.severity, r.familiar, r.declared,
       r.kind, r.source, r.fingerprint, r.service, r.host, r.title, r.incident_no, r.reason,
       p.next
FROM jsonb_to_recordset($2::jsonb) AS r(node_key text, first_time timestamptz,
     last_time timestamptz, records bigint, severity smallint, familiar boolean, declared boolean,
     kind text, source text, fingerprint text, service text, host text, title text,
     incident_no bigint, reason text)
CROSS JOIN (SELECT coalesce(max(last), 0) + 1 AS next FROM correlate.publication
            WHERE scope = $1::text) p
ON CONFLICT (scope, node_key) DO UPDATE
SET (first_time, last_time, records, severity, familiar, declared, kind, source, fingerprint, service,
     host, title, incident_no, reason, publication) =
    (excluded.first_time, excluded.last_time, excluded.records, excluded.severity, excluded.familiar,
     excluded.declared, excluded.kind, excluded.source, excluded.fingerprint, excluded.service,
     excluded.host, excluded.title, excluded.incident_no, excluded.reason, excluded.publication)
WHERE (n.first_time, n.last_time, n.records, n.severity, n.familiar, n.declared, n.kind, n.source,
       n.fingerprint, n.service, n.host, n.title, n.incident_no, n.reason)
      IS DISTINCT FROM
      (excluded.first_time, excluded.last_time, excluded.records, excluded.severity,
       excluded.familiar, excluded.declared, excluded.kind, excluded.source, excluded.fingerprint,
       excluded.service, excluded.host, excluded.title, excluded.incident_no, excluded.reason)
