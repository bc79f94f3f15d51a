-- Where every stream stands, and as stream 0 the number of declarations and decisions of the scope, which only grows; as stream -2
-- how often records that were there were decoded anew or taken away, once that happened.
SELECT stream_id, seq FROM evidence.stream WHERE stream_id > 0
UNION ALL SELECT 0, (SELECT count(*) FROM review.declaration WHERE scope = $1::text)
                          + (SELECT count(*) FROM review.decision WHERE scope = $1::text)
UNION ALL SELECT -2, rewritten FROM correlate.group_scope WHERE scope = $1::text AND rewritten > 0
ORDER BY 1
