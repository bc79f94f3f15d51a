-- command: no lock that stops readers or writers; waits for those who may still read the partition.
SELECT format('ALTER TABLE %s DETACH PARTITION %s CONCURRENTLY', $1::text, $2::text)
