INSERT INTO correlate.incident (scope, incident_key, first_time, last_time, nodes, alerts, records,
                                entries, severity, raised, declared, services, title, digest)
SELECT $1::text, r.incident_key, r.first_time, r.last_time, r.nodes, r.alerts, r.records, r.entries,
       r.severity, r.raised, r.declared, r.services, r.title, decode(r.digest, 'hex')
FROM jsonb_to_recordset($2::jsonb) AS r(incident_key text, first_time timestamptz,
     last_time timestamptz, nodes bigint, alerts bigint, records bigint, entries bigint,
     severity smallint, raised boolean, declared boolean, services text[], title text, digest text)
