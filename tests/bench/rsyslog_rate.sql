-- Rows after the first transaction, and the seconds between the first and the last.
SELECT count(*) FILTER (WHERE ingest_time > began), extract(epoch FROM max(ingest_time) - min(began))
FROM bench_rsyslog, (SELECT min(ingest_time) AS began FROM bench_rsyslog) first;
