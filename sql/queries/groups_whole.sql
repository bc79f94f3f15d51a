UPDATE correlate.group_scope SET config_digest = $2::text WHERE scope_no = $1::integer AND config_digest IS DISTINCT FROM $2::text
