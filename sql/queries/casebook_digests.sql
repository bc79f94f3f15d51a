SELECT incident_key, encode(digest, 'hex') FROM correlate.incident WHERE scope = $1::text
ORDER BY incident_key COLLATE "C"
