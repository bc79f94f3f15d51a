-- Whole hours of UTC since 1970, from one to another, in which anything happened.
SELECT h FROM generate_series($2::bigint, $3::bigint) h
WHERE EXISTS (SELECT FROM correlate.group_record r
              WHERE r.scope_no = $1::integer AND r.occurs AND r.ms >= h * 3600000 AND r.ms < (h + 1) * 3600000)
ORDER BY h
