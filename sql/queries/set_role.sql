-- Take the role on where the login may; a login that may not keeps its own rights.
SELECT set_config('role', rolname, false) FROM pg_roles
WHERE rolname = $1::text AND pg_has_role(session_user, oid, 'MEMBER')
