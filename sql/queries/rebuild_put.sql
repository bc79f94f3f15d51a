-- How far a rebuild is.
UPDATE correlate.rebuild
SET stage = $2::smallint, place = $3::jsonb, positions = $4::jsonb, done = $5::bigint, moved_at = now()
WHERE scope = $1::text
