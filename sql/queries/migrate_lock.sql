-- One migration run at a time in a database; held until the session unlocks or ends.
SELECT pg_advisory_lock(7526483901)
