-- Of each place the nearest opening nodes after it that have its key, nearest first.
SELECT w.n, k.first_ms, k.source, k.uid
FROM jsonb_to_recordset($2::jsonb) AS w(n integer, k text, t bigint, s text, u text)
CROSS JOIN LATERAL (
    SELECT key.first_ms, key.source, key.uid FROM correlate.group_key key
    WHERE key.scope_no = $1::integer AND key.opens AND key.key = decode(w.k, 'hex')
      AND (key.first_ms, key.source, key.uid) > (w.t, w.s COLLATE "C", w.u COLLATE "C")
    ORDER BY key.first_ms, key.source, key.uid LIMIT $3::integer) k
ORDER BY w.n, k.first_ms, k.source, k.uid
