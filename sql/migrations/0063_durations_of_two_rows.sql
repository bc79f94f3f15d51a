-- Durations lie between two moments that two rows of the timeline tell.

SET LOCAL ROLE hindcast_owner;

-- A moment that the same row of the timeline tells as the one before lies no time after it: that is not a duration of zero
-- seconds, but none that is known. What is unclear is told nowhere (confidence below 35): no start by it here either.
CREATE OR REPLACE VIEW analyst.durations WITH (security_invoker = true) AS
SELECT i.scope, i.number AS incident, i.incident_key, i.month, i.service, i.services, i.severity,
       analyst.severity_band(i.severity) AS severity_band, i.raised, i.declared,
       t.started_at, t.started_stated, t.detected_at, t.detected_stated, t.acknowledged_at, t.acknowledged_stated,
       t.mitigated_at, t.mitigated_stated, t.recovered_at, t.recovered_stated, t.resolved_at, t.resolved_stated,
       CASE WHEN t.detected_at >= t.started_at AND t.detected_by <> t.started_by
            THEN t.detected_at - t.started_at END AS time_to_detect,
       CASE WHEN t.acknowledged_at >= t.detected_at AND t.acknowledged_by <> t.detected_by
            THEN t.acknowledged_at - t.detected_at END AS time_to_acknowledge,
       CASE WHEN t.mitigated_at >= t.detected_at AND t.mitigated_by <> t.detected_by
            THEN t.mitigated_at - t.detected_at END AS time_to_mitigate,
       CASE WHEN t.recovered_at >= t.started_at AND t.recovered_by <> t.started_by
            THEN t.recovered_at - t.started_at END AS time_to_recover,
       CASE WHEN t.resolved_at >= t.detected_at AND t.resolved_by <> t.detected_by
            THEN t.resolved_at - t.detected_at END AS time_to_resolve,
       nullif(i.state, '') AS state, i.ended IS NULL AND i.state <> '' AS not_resolved
FROM correlate.incident i
CROSS JOIN LATERAL (
    SELECT min(m.event_time) FILTER (WHERE m.milestone = 'impact_started') AS started_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'impact_started') AS started_stated,
           min(m.event_time) FILTER (WHERE m.milestone = 'detected') AS detected_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'detected') AS detected_stated,
           min(m.event_time) FILTER (WHERE m.milestone = 'acknowledged') AS acknowledged_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'acknowledged') AS acknowledged_stated,
           max(m.event_time) FILTER (WHERE m.milestone = 'mitigated') AS mitigated_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'mitigated') AS mitigated_stated,
           max(m.event_time) FILTER (WHERE m.milestone = 'recovered') AS recovered_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'recovered') AS recovered_stated,
           max(m.event_time) FILTER (WHERE m.milestone = 'resolved') AS resolved_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'resolved') AS resolved_stated,
           (array_agg(m.entry_id ORDER BY m.event_time, m.entry_id) FILTER (WHERE m.milestone = 'impact_started'))[1] AS started_by,
           (array_agg(m.entry_id ORDER BY m.event_time, m.entry_id) FILTER (WHERE m.milestone = 'detected'))[1] AS detected_by,
           (array_agg(m.entry_id ORDER BY m.event_time, m.entry_id) FILTER (WHERE m.milestone = 'acknowledged'))[1] AS acknowledged_by,
           (array_agg(m.entry_id ORDER BY m.event_time DESC, m.entry_id) FILTER (WHERE m.milestone = 'mitigated'))[1] AS mitigated_by,
           (array_agg(m.entry_id ORDER BY m.event_time DESC, m.entry_id) FILTER (WHERE m.milestone = 'recovered'))[1] AS recovered_by,
           (array_agg(m.entry_id ORDER BY m.event_time DESC, m.entry_id) FILTER (WHERE m.milestone = 'resolved'))[1] AS resolved_by
    FROM (SELECT x.milestone, x.event_time, x.entry_id, analyst.is_stated(x.milestone, e.kind, e.act) AS stated
          FROM correlate.milestone x
          LEFT JOIN correlate.entry e ON e.scope = x.scope AND e.incident_no = x.incident_no
                                     AND e.entry_id = x.entry_id
          WHERE x.scope = i.scope AND x.incident_no = i.incident_no AND x.confidence >= 35) m) t;
COMMENT ON COLUMN analyst.durations.time_to_detect IS
    'Interval from started_at to detected_at; null: one is missing, they are not in this order, or one row tells both';
COMMENT ON COLUMN analyst.durations.time_to_acknowledge IS
    'Interval from detected_at to acknowledged_at; null: one is missing, they are not in this order, or one row tells both';
COMMENT ON COLUMN analyst.durations.time_to_mitigate IS
    'Interval from detected_at to mitigated_at; null: one is missing, they are not in this order, or one row tells both';
COMMENT ON COLUMN analyst.durations.time_to_recover IS
    'Interval from started_at to recovered_at; null: one is missing, they are not in this order, or one row tells both';
COMMENT ON COLUMN analyst.durations.time_to_resolve IS
    'Interval from detected_at to resolved_at; null: one is missing, they are not in this order, or one row tells both';

RESET ROLE;
