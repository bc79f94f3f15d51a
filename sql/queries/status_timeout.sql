-- A question about the state must not wait for long on a database in trouble.
SELECT set_config('statement_timeout', $1::text, false), set_config('lock_timeout', $1::text, false)
