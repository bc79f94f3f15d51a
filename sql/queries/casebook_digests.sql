-- What is stored of each incident of a scope: digest of the export, digest of the members, number.
SELECT incident_key, encode(digest, 'hex'), coalesce(encode(member_digest, 'hex'), ''), incident_no
FROM correlate.incident WHERE scope = $1::text
ORDER BY incident_key COLLATE "C"
