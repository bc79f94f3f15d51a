-- Give up rather than queue in front of others, and before a deadlock check would choose a victim.
SELECT set_config('lock_timeout', '400ms', false)
