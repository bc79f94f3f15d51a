-- Rows that did not change are left alone.
INSERT INTO correlate.milestone AS m (scope, incident_no, milestone, entry_id, rank, event_time, event_ns,
                                      confidence)
SELECT $1::text, r.incident_no, r.milestone, r.entry_id, r.rank, r.event_time, r.event_ns, r.confidence
FROM jsonb_to_recordset($2::jsonb) AS r(incident_no bigint, milestone text, entry_id text, rank integer,
     event_time timestamptz, event_ns smallint, confidence smallint)
ON CONFLICT (scope, incident_no, milestone, entry_id) DO UPDATE
SET (rank, event_time, event_ns, confidence) =
    (excluded.rank, excluded.event_time, excluded.event_ns, excluded.confidence)
WHERE (m.rank, m.event_time, m.event_ns, m.confidence) IS DISTINCT FROM
      (excluded.rank, excluded.event_time, excluded.event_ns, excluded.confidence)
