-- Those that can be taken at their word; the others, from before the constraint, as a sign that they are
-- there.
SELECT declaration_id, title,
       CASE WHEN s.sound THEN (extract(epoch FROM from_time) * 1000000)::bigint * 1000 END,
       CASE WHEN s.sound THEN (extract(epoch FROM to_time) * 1000000)::bigint * 1000 END,
       service, channel, declared_by, s.sound
FROM review.declaration d
CROSS JOIN LATERAL (SELECT review.is_sound(d.scope, d.declaration_id, d.title, d.from_time, d.to_time,
                                           d.service, d.channel, d.declared_by) AS sound) s
WHERE scope = $1::text
ORDER BY declaration_id COLLATE "C"
