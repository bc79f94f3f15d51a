-- Where offsets that could not be read lie in time: between the events around them.

SET LOCAL ROLE hindcast_owner;

CREATE VIEW analyst.gap_times WITH (security_barrier = true) AS
SELECT s.cluster_id, s.topic, s.incarnation, s.partition, g.from_offset, g.to_offset, g.kind,
       (SELECT b.max_event_time FROM evidence.batch b
        WHERE b.stream_id = g.stream_id AND b.next_offset <= g.from_offset AND b.max_event_time IS NOT NULL
        ORDER BY b.seq DESC LIMIT 1) AS after_time,
       (SELECT b.min_event_time FROM evidence.batch b
        WHERE b.stream_id = g.stream_id AND b.first_offset >= g.to_offset AND b.min_event_time IS NOT NULL
        ORDER BY b.seq LIMIT 1) AS before_time
FROM evidence.source_gap g JOIN evidence.stream s USING (stream_id);
COMMENT ON VIEW analyst.gap_times IS 'Offsets that could not be read, with the latest event time before them and the earliest behind; null: there is none';
GRANT SELECT ON analyst.gap_times TO hindcast_correlate, hindcast_responder, hindcast_analyst;

RESET ROLE;
