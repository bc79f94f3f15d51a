-- The same as casebook_delete_deliveries.sql of these events alone: $2: [[uid, stream, offset, index, counts], ...], of an event that
-- did not come more than once [uid].
WITH sent AS MATERIALIZED (
    SELECT (r ->> 0)::uuid AS uid, (r ->> 1)::bigint AS stream_id, (r ->> 2)::bigint AS record_offset,
           (r ->> 3)::integer AS idx, (r ->> 4)::boolean AS counts
    FROM jsonb_array_elements($2::jsonb) r
)
DELETE FROM correlate.delivery d USING (SELECT DISTINCT uid FROM sent) s
CROSS JOIN LATERAL (SELECT x.ctid FROM correlate.delivery x
                    WHERE x.scope = $1::text AND x.uid = s.uid OFFSET 0) x
WHERE d.ctid = x.ctid
  AND NOT EXISTS (SELECT FROM sent k WHERE k.uid = d.uid AND k.stream_id = d.stream_id
                                       AND k.record_offset = d.record_offset AND k.idx = d.idx AND k.counts = d.counts)
