SELECT scope, uid, kind, format, (extract(epoch FROM event_time) * 1000000)::bigint * 1000, counts,
       decided_by, version, encode(sha256, 'hex'), topic, incarnation, partition, record_offset, idx,
       encode(frame_sha256, 'hex')
FROM correlate.delivery
ORDER BY scope COLLATE "C", uid, counts DESC, topic COLLATE "C", incarnation, partition,
         record_offset, idx
