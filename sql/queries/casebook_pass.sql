-- Moves the cursor of a scope that has nothing to read past the batches of others, also in streams that
-- came after the scope was correlated last.
INSERT INTO correlate.cursor AS c (scope, stream_id, seq)
SELECT $1::text, s.stream_id, s.seq
FROM evidence.stream s
LEFT JOIN correlate.cursor o ON o.scope = $1::text AND o.stream_id = s.stream_id
WHERE EXISTS (SELECT FROM correlate.cursor a WHERE a.scope = $1::text)
  AND coalesce(o.seq, 0) < s.seq
  AND NOT EXISTS (
      SELECT FROM evidence.batch b
      WHERE b.stream_id = s.stream_id AND b.seq > coalesce(o.seq, 0) AND b.seq <= s.seq
        AND b.scopes IS DISTINCT FROM '{}' AND (b.scopes IS NULL OR $1::text = ANY (b.scopes)))
ON CONFLICT (scope, stream_id) DO UPDATE SET seq = excluded.seq WHERE c.seq < excluded.seq
