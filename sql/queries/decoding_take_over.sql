-- 0: another set than $2 counts by now.
SELECT evidence.take_over_decoding($1::text, $2::bigint)
