-- The raised incidents of scope $1 that lie nearest to a time ($2, in microseconds), with how far.
SELECT coalesce(i.number, ''), i.incident_key, i.title, to_json(i.services),
       (extract(epoch FROM greatest(i.first_time - t.at, t.at - i.last_time, interval '0')) * 1000)::bigint,
       t.at < i.first_time
FROM (SELECT timestamptz '1970-01-01 00:00+00' + $2::bigint * interval '1 microsecond' AS at) t
CROSS JOIN LATERAL (
    (SELECT * FROM correlate.incident b WHERE b.scope = $1::text AND b.raised AND b.first_time <= t.at
     ORDER BY b.first_time DESC LIMIT 5)
    UNION ALL
    (SELECT * FROM correlate.incident b WHERE b.scope = $1::text AND b.raised AND b.first_time > t.at
     ORDER BY b.first_time LIMIT 5)) i
ORDER BY 5, i.incident_key COLLATE "C" LIMIT 3
