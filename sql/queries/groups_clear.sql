WITH keys AS (DELETE FROM correlate.group_key WHERE scope_no = $1::integer),
records AS (DELETE FROM correlate.group_record WHERE scope_no = $1::integer),
nodes AS (DELETE FROM correlate.group_node WHERE scope_no = $1::integer)
UPDATE correlate.group_scope SET config_digest = NULL WHERE scope_no = $1::integer
