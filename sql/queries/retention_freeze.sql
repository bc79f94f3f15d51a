-- command: what a closed day needs once.
SELECT format('VACUUM (FREEZE, ANALYZE) %s', $1::text)
