-- Records that say what became of a file, which are none of those that were in it.
SELECT coalesce(sum(events), 0)::bigint FROM analyst.reading WHERE kind = 'manifest'
