SELECT EXISTS (
    SELECT FROM (SELECT stream_id, seq FROM evidence.stream
                 UNION ALL SELECT 0, count(*) FROM review.declaration WHERE scope = $1::text) n
    LEFT JOIN correlate.cursor c ON c.scope = $1::text AND c.stream_id = n.stream_id
    WHERE n.seq > coalesce(c.seq, 0))
