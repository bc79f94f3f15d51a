-- Back to the login's own rights, for the rest of the transaction.
SELECT set_config('role', 'none', true)
