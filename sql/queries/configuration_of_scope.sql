-- The digest of what the scope was correlated with; no row: not known.
SELECT encode(n.config_digest, 'hex')
FROM correlate.cursor c JOIN review.configuration n ON n.configuration_no = c.seq
WHERE c.scope = $1::text AND c.stream_id = -1
