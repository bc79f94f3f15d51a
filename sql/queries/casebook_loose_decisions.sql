-- Decisions that no incident tells of: nodes of their own.
SELECT d.fingerprint, d.title, d.reason FROM correlate.node d
WHERE d.source = 'decided' AND d.declared AND d.records = 0 AND d.incident_no IS NULL
ORDER BY d.node_key COLLATE "C", d.scope COLLATE "C"
