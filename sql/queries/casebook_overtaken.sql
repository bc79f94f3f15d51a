-- Has another correlator saved this scope from a later state than that of $2 ([{stream_id, seq}, ...]),
-- or with a configuration that was applied later? Asked under the scope's lock. What no stream can have
-- reached does not count.
SELECT EXISTS (
    SELECT FROM correlate.cursor c
    JOIN (SELECT stream_id, seq FROM evidence.stream
          UNION ALL SELECT 0, (SELECT count(*) FROM review.declaration WHERE scope = $1::text)
                          + (SELECT count(*) FROM review.decision WHERE scope = $1::text)
          UNION ALL SELECT -2, rewritten FROM correlate.group_scope WHERE scope = $1::text
          UNION ALL SELECT -1, max(configuration_no) FROM review.configuration) s USING (stream_id)
    LEFT JOIN jsonb_to_recordset($2::jsonb) AS m(stream_id bigint, seq bigint) USING (stream_id)
    WHERE c.scope = $1::text AND c.seq <= s.seq AND c.seq > coalesce(m.seq, 0))
