-- command: the second half of a detaching that was interrupted.
SELECT format('ALTER TABLE %s DETACH PARTITION %s FINALIZE', $1::text, $2::text)
