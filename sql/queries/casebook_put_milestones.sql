INSERT INTO correlate.milestone (scope, incident_key, position, milestone, event_time, entry_id,
                                 confidence)
SELECT $1::text, r.incident_key, r.position, r.milestone, r.event_time, r.entry_id, r.confidence
FROM jsonb_to_recordset($2::jsonb) AS r(incident_key text,
     position integer, milestone text, event_time timestamptz,
     entry_id text, confidence smallint)
