-- Who has the row that retention_lock.sql did not get.
SELECT format('backend %s (login %s)', pid, regexp_replace(login, '[^ -~]', '?', 'g'))
FROM evidence.lock WHERE name = 'retention'
