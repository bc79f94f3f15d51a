SELECT pg_notify('hindcast_batch', '')
