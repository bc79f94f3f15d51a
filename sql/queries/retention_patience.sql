-- Making an index concurrently waits for older transactions and is in nobody's way meanwhile.
SELECT set_config('lock_timeout', $1::text, false)
