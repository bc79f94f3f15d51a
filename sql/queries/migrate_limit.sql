-- DDL gives up rather than queue in front of everybody else; the program tries again.
SELECT set_config('lock_timeout', '2s', true)
