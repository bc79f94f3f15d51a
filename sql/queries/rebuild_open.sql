-- The rebuild of a scope that is under way, locked; whether it is one by this configuration ($2) and of what is still there. Whoever
-- comes second waits, and is told that it was overtaken.
SELECT r.scope_no, r.stage, r.place::text, r.positions::text, r.done, r.total, (extract(epoch FROM clock_timestamp() - r.began_at) * 1000000)::bigint,
       r.config_digest = $2::text
       AND r.rewritten = coalesce((SELECT g.rewritten FROM correlate.group_scope g WHERE g.scope = $1::text), 0)
FROM correlate.rebuild r WHERE r.scope = $1::text
FOR UPDATE OF r
