-- Which of these days of log lines lie in a partition that takes no more rows, in days since 1970.
SELECT day - '1970-01-01'::date FROM evidence.retiring_days($1::date[]) day
