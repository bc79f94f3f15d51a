SELECT pg_advisory_unlock(7526483901)
