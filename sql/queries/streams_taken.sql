-- Of these streams, the ones whose epoch is another by now.
SELECT v.stream_id
FROM unnest($1::bigint[], $2::bigint[]) AS v(stream_id, epoch) JOIN evidence.stream s USING (stream_id)
WHERE s.epoch <> v.epoch
