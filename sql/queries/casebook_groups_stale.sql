-- The groups that are kept of a scope are not whole any more: it was saved by who does not keep them.
UPDATE correlate.group_scope SET config_digest = NULL WHERE scope = $1::text AND config_digest IS NOT NULL
