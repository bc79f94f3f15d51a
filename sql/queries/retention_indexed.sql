UPDATE evidence.partition SET searchable = true WHERE name = $1::text
