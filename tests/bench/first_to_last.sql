-- Rows that came after the first transactions (one of each of the :workers), and the seconds between
-- the first and the last commit. Needs track_commit_timestamp.
WITH done AS (
    SELECT pg_xact_commit_timestamp(xmin) AS at, sum(records) AS rows
    FROM evidence.batch GROUP BY xmin
), numbered AS (
    SELECT at, rows, row_number() OVER (ORDER BY at) AS number FROM done
)
SELECT sum(rows) FILTER (WHERE number > :workers), extract(epoch FROM max(at) - min(at))
FROM numbered;
