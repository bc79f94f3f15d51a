-- The next records above the place $3 ({u}: uid) that came more than once, $4 at most; they are noted for the set $2. A line that outlives its partition may be
-- among them: it is in two tables for a while.
WITH several AS MATERIALIZED (
    SELECT uid FROM (
        SELECT uid FROM ingest.event WHERE scope = $1::text AND uid > coalesce(($3::jsonb ->> 'u')::uuid, '00000000-0000-0000-0000-000000000000')
        UNION ALL SELECT uid FROM ingest.log WHERE scope = $1::text AND uid IS NOT NULL AND uid > coalesce(($3::jsonb ->> 'u')::uuid, '00000000-0000-0000-0000-000000000000')
        UNION ALL SELECT uid FROM ingest.log_kept WHERE scope = $1::text AND uid IS NOT NULL AND uid > coalesce(($3::jsonb ->> 'u')::uuid, '00000000-0000-0000-0000-000000000000')) every
    GROUP BY uid HAVING count(*) > 1
    ORDER BY uid LIMIT $4::bigint
), noted AS (
    INSERT INTO correlate.rebuild_again (scope_no, uid) SELECT $2::integer, uid FROM several ON CONFLICT DO NOTHING
)
SELECT uid, jsonb_build_object('u', uid)::text FROM several ORDER BY uid
