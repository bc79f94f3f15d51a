-- Is the scope's watermark less than a day past the last sign of the incident? Within a day records join what went before.
SELECT coalesce(w.watermark < i.last_time + interval '1 day', true),
       (extract(epoch FROM w.watermark) * 1000000)::bigint * 1000
FROM correlate.incident i LEFT JOIN analyst.watermark w ON w.scope = i.scope
WHERE i.scope = $1::text AND i.incident_no = $2::bigint
