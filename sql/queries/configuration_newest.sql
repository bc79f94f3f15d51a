-- The configuration that counts, if any was applied.
SELECT configuration_no, config_digest, derivation, content, applied_at, applied_by
FROM analyst.configuration WHERE counts
