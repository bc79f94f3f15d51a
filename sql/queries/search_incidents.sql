-- One row for each hit, those of an incident behind one another.
SELECT place, scope, incident, incident_key, (extract(epoch FROM first_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM last_time) * 1000000)::bigint * 1000, to_json(services), title, score,
       why -> 'words', why ->> 'best', why -> 'missing', found, lines, hit_score,
       (extract(epoch FROM event_time) * 1000000)::bigint * 1000, hit_kind, hit_actor, hit_service, hit_text,
       coalesce(hit_words, '[]'), entry_id, coalesce(evidence, '[]')
FROM responder.search($1::text, service => $2::text, actor => $3::text,
    since => '1970-01-01Z'::timestamptz + $4::bigint * interval '1 microsecond',
    until => '1970-01-01Z'::timestamptz + $5::bigint * interval '1 microsecond',
    kind => $6::text, most => $7::integer)
ORDER BY place, hit
