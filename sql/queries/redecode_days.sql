-- Days that have a partition for log lines, from and to (days since 1970).
SELECT lo - '1970-01-01'::date, hi - '1970-01-01'::date
FROM evidence.partition WHERE parent = 'ingest.log' AND NOT retiring
