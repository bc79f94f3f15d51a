WITH keys AS (DELETE FROM correlate.group_key WHERE scope_no IN ($1::integer, -$1::integer)),
records AS (DELETE FROM correlate.group_record WHERE scope_no IN ($1::integer, -$1::integer)),
candidates AS (DELETE FROM correlate.group_candidate WHERE scope_no = $1::integer),
decisions AS (DELETE FROM correlate.group_decision WHERE scope_no = $1::integer),
nodes AS (DELETE FROM correlate.group_node WHERE scope_no IN ($1::integer, -$1::integer)),
floods AS (DELETE FROM correlate.group_flood WHERE scope_no = $1::integer)
UPDATE correlate.group_scope SET config_digest = NULL WHERE scope_no = $1::integer
