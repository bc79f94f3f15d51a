-- Records of which several deliveries are stored, and of which the set $2 knows no more than one; $3 at most.
SELECT DISTINCT replace(d.uid::text, '-', '') FROM correlate.delivery d
WHERE d.scope = $1::text AND NOT EXISTS (SELECT FROM correlate.rebuild_again a WHERE a.scope_no = $2::integer AND a.uid = d.uid)
LIMIT $3::bigint
