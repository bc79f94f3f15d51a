-- Incidents that span a moment within [$2, $3]. The box alone finds them, whatever other index a plan may think of: it is a second
-- larger, and other scopes may have the same hash.
SELECT i.incident_key
FROM (SELECT scope, incident_key, first_time, last_time FROM correlate.incident
      WHERE box(point(hashtext(scope), extract(epoch FROM first_time - '1970-01-01 00:00+00'::timestamptz)::float8),
                point(hashtext(scope), extract(epoch FROM last_time - '1970-01-01 00:00+00'::timestamptz)::float8))
         && box(point(hashtext($1::text), extract(epoch FROM $2::timestamptz - '1970-01-01 00:00+00'::timestamptz)::float8 - 1),
                point(hashtext($1::text), extract(epoch FROM $3::timestamptz - '1970-01-01 00:00+00'::timestamptz)::float8 + 1))
      OFFSET 0) i
WHERE i.scope = $1::text AND i.first_time <= $3::timestamptz AND i.last_time >= $2::timestamptz
ORDER BY i.incident_key COLLATE "C"
