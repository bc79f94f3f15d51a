-- The next records above $2 of which the set $1 knows several deliveries, $3 at most.
SELECT replace(uid::text, '-', '') FROM correlate.rebuild_again WHERE scope_no = $1::integer AND uid > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000') ORDER BY uid LIMIT $3::bigint
