-- Partitions of today and the next $1 days.
SELECT evidence.ensure_partitions(array_agg(current_date + n), array_agg(current_date + n))
FROM generate_series(0, $1::integer) n
