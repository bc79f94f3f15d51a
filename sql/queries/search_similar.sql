SELECT place, scope, like_incident, incident_key, (extract(epoch FROM first_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM last_time) * 1000000)::bigint * 1000, to_json(services), title, score, found, reasons
FROM responder.similar($1::text, most => $2::integer)
ORDER BY place
