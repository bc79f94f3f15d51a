-- One correlator at a time writes a scope; the other waits and then compares with what it finds.
SELECT pg_advisory_xact_lock(hashtext('hindcast casebook'), hashtext($1::text))
