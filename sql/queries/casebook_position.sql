-- Where every stream stands, and as stream 0 the number of declarations and decisions of the scope, which only grows.
SELECT stream_id, seq FROM evidence.stream WHERE stream_id > 0
UNION ALL SELECT 0, (SELECT count(*) FROM review.declaration WHERE scope = $1::text)
                          + (SELECT count(*) FROM review.decision WHERE scope = $1::text)
ORDER BY 1
