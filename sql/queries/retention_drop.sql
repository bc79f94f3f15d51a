-- command: the table and its row in the list of partitions, at once.
SELECT format('DROP TABLE IF EXISTS %s; DELETE FROM evidence.partition WHERE name = %L',
              $1::text, $1::text)
