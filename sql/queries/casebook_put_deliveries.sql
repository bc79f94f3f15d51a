-- Rows that did not change are left alone.
INSERT INTO correlate.delivery AS d (scope, uid, stream_id, record_offset, idx, topic, incarnation,
    partition, kind, format, event_time, version, sha256, frame_sha256, counts, decided_by)
SELECT $1::text, r.uid, r.stream_id, r.record_offset, r.idx, r.topic, r.incarnation, r.partition,
       r.kind, r.format, r.event_time, r.version, decode(r.sha256, 'hex'),
       decode(r.frame_sha256, 'hex'), r.counts, r.decided_by
FROM jsonb_to_recordset($2::jsonb) AS r(uid uuid, stream_id bigint, record_offset bigint, idx integer,
     topic text, incarnation integer, partition integer, kind text, format text,
     event_time timestamptz, version bigint, sha256 text, frame_sha256 text, counts boolean,
     decided_by text)
ON CONFLICT (scope, uid, stream_id, record_offset, idx) DO UPDATE
SET (event_time, version, sha256, frame_sha256, counts, decided_by) =
    (excluded.event_time, excluded.version, excluded.sha256, excluded.frame_sha256, excluded.counts,
     excluded.decided_by)
WHERE (d.event_time, d.version, d.sha256, d.frame_sha256, d.counts, d.decided_by) IS DISTINCT FROM
      (excluded.event_time, excluded.version, excluded.sha256, excluded.frame_sha256, excluded.counts,
       excluded.decided_by)
