-- What went of a scope after a publication, by kind and key. Who has seen nothing of it ($2 is 0) misses nothing.
SELECT kind, key FROM correlate.removed
WHERE scope = $1::text AND publication > $2::bigint AND $2::bigint > 0
ORDER BY kind, key COLLATE "C"
