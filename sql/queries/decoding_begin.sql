-- 0: a set counts already.
SELECT evidence.begin_decoding($1::text)
