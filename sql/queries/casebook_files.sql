-- Files of a scope that were loaded, in order of their names.
SELECT file, outcome, look, said, first_time, last_time FROM analyst.files
WHERE scope = $1::text ORDER BY file COLLATE "C" LIMIT 100000
