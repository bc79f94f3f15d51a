-- A world small enough to count by hand. docs/recipes.md explains the questions, NAME.out beside this file has the answers.
--
-- INC-01 to INC-10 lie in January 2026 at noon of the day of their number, INC-11 to INC-20 in February likewise (INC-11 on the 1st),
-- INC-21 on 3 March at 23:00 (a Tuesday), INC-22 was never raised (4 March). All are of service api; INC-21 of mail.
--   start      at the time of the incident; INC-21 and INC-22 have none
--   detected   n minutes later in January, 2 (n - 10) in February; INC-21 at its time
--   acknowledged  3 minutes after that, in INC-01 and INC-03 only
--   recovered  an hour after the start, in January only
--   resolved   2 hours after detection, in INC-21 only
CREATE TEMPORARY TABLE w AS
SELECT n, 'k' || lpad(n::text, 2, '0') AS key,
       CASE WHEN n <= 10 THEN timestamptz '2026-01-01 12:00Z' + (n - 1) * interval '1 day'
            WHEN n <= 20 THEN timestamptz '2026-02-01 12:00Z' + (n - 11) * interval '1 day'
            WHEN n = 21 THEN '2026-03-03 23:00Z' ELSE '2026-03-04 12:00Z' END AS at,
       CASE WHEN n = 21 THEN 'mail' ELSE 'api' END AS service
FROM generate_series(1, 22) n;

-- Titles: INC-02 and INC-09 say the same in other numbers, 7 days apart; INC-12 again, 24 days after INC-09; INC-21 once more, 29 days
-- later. The others say their number in letters.
INSERT INTO correlate.incident (scope, incident_no, incident_key, first_time, last_time, nodes, alerts, records, entries,
    severity, raised, declared, services, title, digest, number)
SELECT 'default', n, key, at, at + interval '1 hour', 1, 1, 1, 1, CASE WHEN n = 21 THEN 21 ELSE 17 END, n < 22, false,
       ARRAY[service], CASE WHEN n IN (2, 9, 12, 21) THEN 'pool of ' || 100 + n || ' is used up' ELSE 'trouble ' || repeat(chr(96 + n), 3) END,
       '\x00', CASE WHEN n < 22 THEN 'INC-' || lpad(n::text, 2, '0') END FROM w;

CREATE TEMPORARY TABLE moment AS
SELECT n, key, 'impact_started' AS milestone, at FROM w WHERE n <= 20
UNION ALL SELECT n, key, 'detected', at + CASE WHEN n <= 10 THEN n WHEN n <= 20 THEN 2 * (n - 10) ELSE 0 END * interval '1 minute'
          FROM w WHERE n <= 21
UNION ALL SELECT n, key, 'acknowledged', at + (n + 3) * interval '1 minute' FROM w WHERE n IN (1, 3)
UNION ALL SELECT n, key, 'recovered', at + interval '1 hour' FROM w WHERE n <= 10
UNION ALL SELECT n, key, 'resolved', at + interval '2 hours' FROM w WHERE n = 21;

-- One entry for each moment; a chat message of ann at 12:00 in INC-01 (a Thursday) and INC-02, of bob on 3 and 4 March at 23:30 and
-- 00:30 in INC-21, which is one night, and at noon of the 4th.
INSERT INTO correlate.entry (scope, incident_no, entry_id, event_time, uncertainty_ms, occurrences, score, severity,
    order_established, kind, record_kind, significance, time_source, actor, source, node_key, membership, text, milestones,
    reasons, evidence, tie)
SELECT 'default', n, md5(key || what), at, 0, 1, 0, 0, true, CASE WHEN who IS NULL THEN 'alert_firing' ELSE 'chat_message' END,
       CASE WHEN who IS NULL THEN 'alert' ELSE 'chat' END, 'standard', 'native', who, 's', key, 'opens', 'x', '{}', '[]', '[]',
       convert_to(what, 'UTF8')
FROM (SELECT n, key, milestone AS what, at, NULL AS who FROM moment
      UNION ALL SELECT n, key, 'said', at, 'ann' FROM w WHERE n <= 2
      UNION ALL SELECT 21, 'k21', 'said ' || t, t::timestamptz, 'bob'
                FROM unnest(ARRAY['2026-03-03 23:30Z', '2026-03-04 00:30Z', '2026-03-04 12:00Z']) t) e;

INSERT INTO correlate.milestone (scope, incident_no, milestone, entry_id, rank, event_time, confidence)
SELECT 'default', n, milestone, md5(key || milestone), row_number() OVER (PARTITION BY n ORDER BY at, milestone), at, 90 FROM moment;

-- Alerts by rule: slow fires 3 times within the hour before INC-01 ends, 20 minutes apart and 5 long, which flaps; full fires 3 times
-- 2 hours apart, 10 minutes long, and ann takes the first; old fires once and never ends. slow is in INC-01 with both its ends.
INSERT INTO evidence.stream (stream_id, first_offset, next_offset, records, stored, quarantined, events, lost, partition, cluster_id, topic)
SELECT 1, 0, 33, 28, 26, 2, 26, 5, 0, 'cluster', 'watched';
SELECT evidence.ensure_partitions(ARRAY(SELECT d::date FROM generate_series('2026-01-01', '2026-03-05', interval '1 day') d), '{}');
CREATE TEMPORARY TABLE told AS
SELECT row_number() OVER (ORDER BY rule, at)::integer AS id, *
FROM (SELECT 'slow' AS rule, timestamptz '2026-01-01 12:00Z' + i * interval '20 minutes' + e * interval '5 minutes' AS at,
             CASE e WHEN 0 THEN 'trigger' ELSE 'resolve' END AS phase, NULL AS who FROM generate_series(0, 2) i, generate_series(0, 1) e
      UNION ALL SELECT 'full', timestamptz '2026-01-02 01:00Z' + i * interval '2 hours' + e * interval '10 minutes',
             CASE e WHEN 0 THEN 'trigger' ELSE 'resolve' END, NULL FROM generate_series(0, 2) i, generate_series(0, 1) e
      UNION ALL SELECT 'full', '2026-01-02 01:01Z', 'ack', 'ann'
      UNION ALL SELECT 'old', '2026-01-05 06:00Z', 'trigger', NULL) a;
INSERT INTO ingest.event (stream_id, record_offset, event_time, idx, severity, scope, kind, record_kind, phase, precision,
    time_source, format, source, service, actor, fingerprint, uid, title, attributes)
SELECT 1, id, at, 0, 17, 'default', 'alert', 'alert', phase, 's', 'native', 'test', 'watcher', 'api', who, rule,
       md5('told' || id)::uuid, rule, '{}' FROM told;
INSERT INTO correlate.member (scope, uid, incident_no) SELECT 'default', md5('told' || id)::uuid, 1 FROM told WHERE rule = 'slow';

-- Episodes: slow twice and full once in INC-01; slow again in INC-03, which is 2 days later; in INC-14 32 days after that.
INSERT INTO correlate.node (scope, node_key, first_time, last_time, records, severity, familiar, declared, kind, source,
    fingerprint, service, title, incident_no, reason)
SELECT 'default', key || what, at, at, 1, 17, false, false, 'alert', 'watcher', split_part(what, '/', 1), 'api', 'x', n, 'opens'
FROM w JOIN (VALUES (1, 'slow/1'), (1, 'slow/2'), (1, 'full/1'), (3, 'slow/3'), (14, 'slow/4')) e(i, what) ON i = n;

-- Deployments of shop/api: one ends 10 minutes before INC-01, one 90 minutes before INC-02, one that failed just before INC-03; of api
-- ten in February, each half an hour before an incident (INC-11 to INC-20), and 2 more at midnight of 1 and 2 February.
INSERT INTO ingest.event (stream_id, record_offset, event_time, idx, severity, scope, kind, record_kind, phase, precision,
    time_source, format, source, service, ref, uid, title, attributes)
SELECT 1, 20, at, row_number() OVER (ORDER BY at), 0, 'default', 'change', 'deploy', phase, 's', 'native', 'test', 'deployer',
       service, 'd' || row_number() OVER (ORDER BY at), md5('deploy' || at)::uuid, 'deploy', '{}'::jsonb
FROM (VALUES (timestamptz '2026-01-01 11:50Z', 'shop/api', 'succeeded'), ('2026-01-02 10:30Z', 'shop/api', 'succeeded'),
             ('2026-01-03 11:59Z', 'shop/api', 'failed'), ('2026-02-01 00:00Z', 'api', 'succeeded'),
             ('2026-02-02 00:00Z', 'api', 'succeeded')) d(at, service, phase)
     UNION ALL
     SELECT 1, 21, at - interval '30 minutes', n, 0, 'default', 'change', 'deploy', 'succeeded', 's', 'native', 'test', 'deployer',
            'api', 'e' || n, md5('deploy' || n)::uuid, 'deploy', '{}' FROM w WHERE n BETWEEN 11 AND 20;

-- What was read: 20 events with their own time, 3 without, 2 with an assumed year, 1 with Kafka's, of these 4 as text of no known form;
-- 2 records in quarantine; 5 offsets gone.
INSERT INTO evidence.reading (stream_id, kind, format, time_source, events)
VALUES (1, 'alert', 'test', 'native', 18), (1, 'log', 'text', 'native', 2), (1, 'log', 'text', 'none', 2), (1, 'note', 'test', 'none', 1),
       (1, 'log', 'test', 'assumed_year', 2), (1, 'log', 'test', 'kafka', 1), (1, 'quarantined', 'json', '', 2);
INSERT INTO evidence.source_gap (stream_id, from_offset, to_offset, kind) VALUES (1, 3, 8, 'retention');

-- Written: the postmortem of INC-01 twice, once when one of its 6 members was in INC-02; a summary of INC-03; a postmortem of an
-- incident that is gone.
INSERT INTO correlate.member (scope, uid, incident_no) SELECT 'default', md5('node' || n)::uuid, n FROM w WHERE n IN (2, 3);
INSERT INTO review.document (written_at, scope, document, form, digest, members)
VALUES ('2026-01-05 10:00Z', 'default', 'postmortem', 'markdown', '\x00', ARRAY(SELECT uid FROM correlate.member WHERE incident_no = 1)),
       ('2026-01-06 10:00Z', 'default', 'postmortem', 'html', '\x01',
        ARRAY(SELECT uid FROM correlate.member WHERE incident_no = 1) || md5('node2')::uuid),
       ('2026-01-07 10:00Z', 'default', 'summary', 'markdown', '\x00', ARRAY[md5('node3')::uuid]),
       ('2026-01-08 10:00Z', 'default', 'postmortem', 'markdown', '\x00', ARRAY[md5('gone')::uuid]);
