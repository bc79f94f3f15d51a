UPDATE evidence.partition SET frozen = true WHERE name = $1::text
