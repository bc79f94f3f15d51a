-- Fills a migrated database: :incidents incidents, one every 40 minutes from 2024-01-01 on, with 4 nodes, 20 entries and 6
-- milestones each, 14 events, 12 log lines and 4 minutes of counts, and an alert of before that fired 500 times. Whoever
-- calls it sets the variable.
-- Nothing here is random: the n-th incident is always the same.

SET synchronous_commit = off;

CREATE TEMPORARY TABLE made AS
SELECT n, 'k' || lpad(n::text, 7, '0') AS key, timestamptz '2024-01-01 00:00Z' + n * interval '40 minutes' AS at,
       'service-' || n % 200 AS service
FROM generate_series(1, :incidents) n;

INSERT INTO correlate.incident (scope, incident_no, incident_key, first_time, last_time, nodes, alerts, records, entries,
    severity, raised, declared, services, title, digest, number)
SELECT 'default', n, key, at, at + interval '35 minutes', 4, 2, 14, 20, 13 + n % 12, true, false, ARRAY[service, 'shared-' || n % 7],
       'errors of ' || service, '\x00', 'INC-' || extract(year FROM at) || '-' || lpad(n::text, 5, '0')
FROM made;

INSERT INTO correlate.node (scope, node_key, first_time, last_time, records, severity, familiar, declared, kind, source,
    fingerprint, service, title, incident_no, reason)
SELECT 'default', key || '/' || i, at + i * interval '1 minute', at + interval '20 minutes', 3, 17, false, false,
       CASE WHEN i < 2 THEN 'alert' WHEN i = 2 THEN 'chat' ELSE 'change' END, 'alertmanager', 'rule-' || n % 500 || '-' || i,
       service, 'errors of ' || service, n, 'opens'
FROM made, generate_series(0, 3) i;

INSERT INTO correlate.entry (scope, incident_no, entry_id, event_time, uncertainty_ms, occurrences, score, severity,
    order_established, kind, record_kind, act, significance, time_source, actor, source, service, channel, node_key,
    membership, text, milestones, reasons, evidence, tie, ref, pages, roles)
SELECT 'default', n, md5(key || i), at + i * interval '90 seconds', 1000, 1, 100 + i, 17, true,
       (ARRAY['alert_firing', 'chat_message', 'log_pattern', 'change_finished', 'alert_resolved'])[1 + i % 5],
       (ARRAY['alert', 'chat', 'log', 'deploy', 'alert'])[1 + i % 5], CASE WHEN i % 5 = 1 THEN 'finding' END, 'standard', 'native',
       CASE WHEN i % 5 = 1 THEN 'person-' || (n + i) % 40 END, 'alertmanager', service, 'ops', key || '/0', 'opens',
       'entry ' || i || ' of ' || service, '{}', '[]',
       jsonb_build_array(jsonb_build_object('topic', 'filled', 'incarnation', 1, 'partition', 0, 'offset', n * 14 + i, 'index', 0)),
       int4send(i), 'ref-' || n,
       CASE WHEN i = 0 THEN jsonb_build_array(jsonb_build_object('person', 'person-' || n % 40)) ELSE '[]' END,
       CASE WHEN i = 1 THEN jsonb_build_array(jsonb_build_object('person', 'person-' || n % 40, 'role', 'incident commander')) ELSE '[]' END
FROM made, generate_series(0, 19) i;

INSERT INTO correlate.milestone (scope, incident_no, milestone, entry_id, rank, event_time, confidence)
SELECT 'default', n, (ARRAY['impact_started', 'detected', 'acknowledged', 'mitigated', 'recovered', 'resolved'])[1 + i],
       md5(key || i * 3), i, at + i * interval '270 seconds', 80
FROM made, generate_series(0, 5) i;

INSERT INTO evidence.stream (stream_id, first_offset, next_offset, records, stored, events, partition, cluster_id, topic)
SELECT 1, 0, records, records, records, records, 0, 'cluster', 'filled' FROM (SELECT 26 * :incidents + 1000) r(records);
SELECT setval(pg_get_serial_sequence('evidence.stream', 'stream_id'), 1) AS filled_stream \gset

-- 2 alerts of 3 records each, 6 messages, 2 deployments.
INSERT INTO ingest.event (stream_id, record_offset, event_time, idx, severity, scope, kind, record_kind, phase, precision,
    time_source, format, source, service, actor, channel, fingerprint, trace_id, ref, uid, title, body, attributes)
SELECT 1, n * 14 + i, at + i * interval '90 seconds', 0, 17, 'default',
       CASE WHEN i < 6 THEN 'alert' WHEN i < 12 THEN 'chat' ELSE 'change' END,
       CASE WHEN i < 6 THEN 'alert' WHEN i < 12 THEN 'chat' ELSE 'deploy' END,
       CASE WHEN i < 6 THEN (ARRAY['trigger', 'ack', 'resolve'])[1 + i / 2] WHEN i < 12 THEN 'post' ELSE 'succeeded' END,
       's', 'native', 'filled', 'alertmanager', service, CASE WHEN i BETWEEN 2 AND 3 OR i > 5 THEN 'person-' || (n + i) % 40 END,
       CASE WHEN i BETWEEN 6 AND 11 THEN 'ops' END, CASE WHEN i < 6 THEN 'rule-' || n % 500 || '-' || i % 2 END,
       CASE WHEN i = 6 THEN md5('trace' || n) END, CASE WHEN i > 11 THEN 'ref-' || n || '-' || i END, md5('event' || n || '/' || i)::uuid,
       'record ' || i || ' of ' || service, 'it has ' || i || ' words', '{}'
FROM made, generate_series(0, 13) i;

INSERT INTO ingest.event (stream_id, record_offset, event_time, idx, severity, scope, kind, record_kind, phase, precision,
    time_source, format, source, service, fingerprint, uid, title, attributes)
SELECT 1, 26 * :incidents + i, timestamptz '2023-12-31 00:00Z' + i * interval '1 minute', 0, 17, 'default', 'alert', 'alert',
       (ARRAY['trigger', 'resolve'])[1 + i % 2], 's', 'native', 'filled', 'alertmanager', 'flapping', 'flaps',
       md5('flaps' || i)::uuid, 'it flaps', '{}'
FROM generate_series(0, 999) i;

INSERT INTO correlate.member (scope, uid, incident_no)
SELECT 'default', md5('event' || n || '/' || i)::uuid, n FROM made, generate_series(0, 13) i;

SELECT evidence.ensure_partitions(array_agg(DISTINCT at::date), '{}') FROM made \gset filled_
INSERT INTO ingest.log (stream_id, record_offset, event_time, idx, severity, scope, precision, time_source, record_kind, format,
    service, trace_id, body)
SELECT 1, 14 * :incidents + n * 12 + i, at + i * interval '100 seconds', 0, 9 + 4 * (i % 3), 'default', 's', 'native', 'log', 'filled',
       service, CASE WHEN i = 0 THEN md5('trace' || n) END, 'request ' || n || ' of ' || service || ' took ' || i || ' ms'
FROM made, generate_series(0, 11) i;

INSERT INTO evidence.minute (minute, events, severity, scope, service, kind)
SELECT date_bin('1 minute', at, '2024-01-01') + i * interval '1 minute', 1 + n % 9, 9 + 4 * (i % 3), 'default', service, 'log'
FROM made, generate_series(0, 3) i;

INSERT INTO evidence.quarantine (stream_id, record_offset, reason, state)
SELECT 1, n, CASE WHEN n % 100 = 0 THEN 'too_large' ELSE 'not_json' END, CASE WHEN n % 3 = 0 THEN 'retried' ELSE 'open' END
FROM made WHERE n % 5 = 0;

DROP TABLE made;
VACUUM ANALYZE;
