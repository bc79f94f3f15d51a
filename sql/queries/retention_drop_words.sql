-- command: what an interrupted run left of it.
SELECT format('DROP INDEX CONCURRENTLY IF EXISTS %s_words', $1::text)
