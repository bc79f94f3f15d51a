-- Events of a scope by steps of $4 minutes from $2 on, before $3, of the services $5 (null: of all): number of
-- the step, whether these are log lines, their severity, how many.
SELECT floor(extract(epoch FROM minute - $2::timestamptz) / (60 * $4::integer))::integer, kind = 'log', severity,
       sum(events)::bigint
FROM analyst.minutes
WHERE scope = $1::text AND minute >= $2::timestamptz AND minute < $3::timestamptz
  AND ($5::text[] IS NULL OR service = ANY ($5::text[]))
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
