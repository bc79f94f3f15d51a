SELECT r.revision, (extract(epoch FROM r.published_at) * 1000000)::bigint * 1000, to_json(r.causes), r.added, r.removed, r.changed,
       (r.head->>'entries')::bigint, r.head->>'title'
FROM review.revision r
WHERE r.scope = $1::text AND r.incident_no = $2::bigint
ORDER BY r.revision
