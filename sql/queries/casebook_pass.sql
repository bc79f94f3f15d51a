-- Moves the cursor of a scope that has nothing to read past the batches of others.
UPDATE correlate.cursor c SET seq = s.seq
FROM evidence.stream s
WHERE c.scope = $1::text AND c.stream_id = s.stream_id AND c.seq < s.seq
  AND NOT EXISTS (
      SELECT FROM evidence.batch b
      WHERE b.stream_id = s.stream_id AND b.seq > c.seq AND b.seq <= s.seq
        AND b.scopes IS DISTINCT FROM '{}' AND (b.scopes IS NULL OR $1::text = ANY (b.scopes)))
