-- The fence: moves every stream of the batch whose epoch and offset are still what the worker
-- expects, and adds to its ledger. -1 stands for null.
UPDATE evidence.stream s
SET next_offset = v.next_offset,
    first_offset = coalesce(s.first_offset, v.first_offset),
    seq = s.seq + 1,
    records = s.records + v.records,
    stored = s.stored + v.stored,
    empty = s.empty + v.empty,
    tombstones = s.tombstones + v.tombstones,
    quarantined = s.quarantined + v.quarantined,
    holes = s.holes + v.holes,
    lost = s.lost + v.lost,
    events = s.events + v.events,
    untimed = s.untimed + v.untimed,
    max_event_time = greatest(s.max_event_time, v.max_event_time),
    tail_offset = CASE WHEN v.tail_offset >= 0 THEN v.tail_offset ELSE s.tail_offset END,
    tail_sha256 = CASE WHEN v.tail_offset >= 0 THEN v.tail_sha256 ELSE s.tail_sha256 END,
    tail_time = CASE WHEN v.tail_offset >= 0 THEN v.tail_time ELSE s.tail_time END,
    tail_time_offset = CASE WHEN v.tail_offset >= 0 THEN v.tail_offset ELSE s.tail_time_offset END
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
            $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[],
            $13::bigint[], $14::bigint[], $15::bigint[], $16::bytea[], $17::timestamptz[],
            $18::timestamptz[], $19::bigint[])
     AS v(stream_id, epoch, expected, seq, first_offset, next_offset, records, stored, empty,
          tombstones, quarantined, holes, lost, events, tail_offset, tail_sha256, max_event_time,
          tail_time, untimed)
WHERE s.stream_id = v.stream_id AND s.epoch = v.epoch AND s.seq = v.seq
  AND s.next_offset IS NOT DISTINCT FROM nullif(v.expected, -1)
RETURNING s.stream_id
