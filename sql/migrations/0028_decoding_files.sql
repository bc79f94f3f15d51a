-- Maps, formats of lines and schemas belong to the decoding options as bytes, no longer as a digest alone: a
-- worker without those files, or with others, decodes with the applied ones. Streams and batches say with which
-- set they are, or were, decoded.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE review.decoding DROP CONSTRAINT plausible;
ALTER TABLE review.decoding ADD CONSTRAINT plausible CHECK (decoding_no > 0
    AND octet_length(content) BETWEEN 1 AND 67108864
    AND decoding_digest = sha256(convert_to(content, 'UTF8')));
COMMENT ON COLUMN review.decoding.content IS 'The digest of the program''s own decoders, the options of all topics, what single topics have instead, one a line; then maps, formats of lines and schemas, each behind a line with its name and size';

ALTER TABLE evidence.stream ADD COLUMN decoding_no bigint CHECK (decoding_no >= 0);
COMMENT ON COLUMN evidence.stream.decoding_no IS 'With which set of review.decoding its owner decodes since it claimed it; 0: with its own, as none was applied; null: not noted';
GRANT UPDATE (decoding_no) ON evidence.stream TO hindcast_ingest;

ALTER TABLE evidence.batch ADD COLUMN decoding_no bigint CHECK (decoding_no >= 0);
COMMENT ON COLUMN evidence.batch.decoding_no IS 'With which set of review.decoding its records were decoded; 0: with those of the worker, as none was applied; null: not noted';
COMMENT ON COLUMN evidence.batch.decoders IS 'SHA-256 over the decoders, maps, formats of lines and schemas that read it; null: not noted';

CREATE VIEW analyst.decoding_use WITH (security_barrier = true) AS
SELECT d.decoding_no, d.decoding_digest, d.applied_at, d.applied_by,
       count(s.stream_id) AS partitions,
       count(s.stream_id) FILTER (WHERE s.decoding_no IS DISTINCT FROM d.decoding_no) AS partitions_behind
FROM analyst.decoding d
LEFT JOIN (
    SELECT t.stream_id, t.decoding_no, t.owner_pid, t.owner_start,
           t.incarnation = max(t.incarnation)
               OVER (PARTITION BY t.cluster_id, t.topic, t.partition) AS current
    FROM evidence.stream t
) s ON s.current AND EXISTS (
    SELECT FROM pg_catalog.pg_stat_activity a
    WHERE a.pid = s.owner_pid AND a.datname = current_database()
      AND (a.backend_start IS NULL OR a.backend_start = s.owner_start))
WHERE d.counts
GROUP BY d.decoding_no, d.decoding_digest, d.applied_at, d.applied_by;
COMMENT ON VIEW analyst.decoding_use IS 'The decoding options that count, how many partitions are held by connected workers, and of how many those have read it not yet: they do before they commit anything else';
GRANT SELECT ON analyst.decoding_use
    TO hindcast_ingest, hindcast_correlate, hindcast_responder, hindcast_analyst;

RESET ROLE;
