-- Which incidents have no postmortem?
-- `report` and `draft --keep` note what they wrote; `last_written` of another document tells that somebody looked. Newest first.
SELECT i.incident, i.first_time, i.severity_band AS severity, i.services, i.title,
       (SELECT max(d.written_at)::date FROM analyst.documents d
        WHERE d.scope = i.scope AND d.incident_key = i.incident_key) AS last_written
FROM analyst.incidents i
WHERE i.raised
  AND NOT EXISTS (SELECT FROM analyst.documents d
                  WHERE d.scope = i.scope AND d.incident_key = i.incident_key AND d.document = 'postmortem')
ORDER BY i.first_time DESC, i.incident;
