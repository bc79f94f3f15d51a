-- What rules suppressed: by rule, how many episodes of alerts and records, from when to when, and how
-- many of the episodes are told in an incident all the same. $1, $2: first time in microseconds, from
-- (included) and to; null: no bound. $3: number or key of an incident; null: all, and those in none.
SELECT m[1], m[2], count(*), sum(e.records)::bigint, min(e.first_time), max(e.last_time), count(e.incident_key)
FROM analyst.episodes e
CROSS JOIN LATERAL regexp_match(e.reason,
    '^(?:.*; )?opens nothing: suppressed by (.*) \((inhibit|window|flapping)\)$') m
WHERE m IS NOT NULL
  AND ($1::bigint IS NULL OR e.first_time >= '1970-01-01Z'::timestamptz + $1::bigint * interval '1 microsecond')
  AND ($2::bigint IS NULL OR e.first_time < '1970-01-01Z'::timestamptz + $2::bigint * interval '1 microsecond')
  AND ($3::text IS NULL OR upper($3::text) = e.incident OR $3::text = e.incident_key)
GROUP BY m[1], m[2] ORDER BY m[1] COLLATE "C", m[2] COLLATE "C"
