-- Incidents that span a moment within [$2, $3]. The box only finds them: it is a second larger, and other scopes may have the same hash.
SELECT incident_key FROM correlate.incident
WHERE scope = $1::text AND first_time <= $3::timestamptz AND last_time >= $2::timestamptz
  AND box(point(hashtext(scope), extract(epoch FROM first_time - '1970-01-01 00:00+00'::timestamptz)::float8),
          point(hashtext(scope), extract(epoch FROM last_time - '1970-01-01 00:00+00'::timestamptz)::float8))
   && box(point(hashtext($1::text), extract(epoch FROM $2::timestamptz - '1970-01-01 00:00+00'::timestamptz)::float8 - 1),
          point(hashtext($1::text), extract(epoch FROM $3::timestamptz - '1970-01-01 00:00+00'::timestamptz)::float8 + 1))
ORDER BY incident_key COLLATE "C"
