-- The configuration that counts, without its text.
SELECT config_digest, applied_at, applied_by
FROM analyst.configuration WHERE counts
