-- What these ranges of offsets ($2: [{s, f, n, lo, hi}, ...], stream, from, to before, event times) hold of a scope: events, lines that are notable,
-- lines with an identity, which may have come before; $3 at most. Other lines are not looked at.
SELECT n.uid, n.stream_id, n.record_offset, n.idx, (extract(epoch FROM nullif(n.event_time, '-infinity')) * 1000000)::bigint
FROM jsonb_to_recordset($2::jsonb) AS r(s bigint, f bigint, n bigint, lo timestamptz, hi timestamptz)
CROSS JOIN LATERAL (
    SELECT uid, stream_id, record_offset, idx, event_time FROM ingest.event
    WHERE scope = $1::text AND stream_id = r.s AND record_offset >= r.f AND record_offset < r.n
    UNION ALL
    SELECT uid, stream_id, record_offset, idx, event_time FROM ingest.log
    WHERE scope = $1::text AND stream_id = r.s AND record_offset >= r.f AND record_offset < r.n
      AND (severity >= 13 OR format = 'hindcast') AND event_time >= r.lo AND event_time <= r.hi
    UNION ALL
    SELECT uid, stream_id, record_offset, idx, event_time FROM ingest.log
    WHERE scope = $1::text AND stream_id = r.s AND record_offset >= r.f AND record_offset < r.n
      AND uid IS NOT NULL AND NOT (severity >= 13 OR format = 'hindcast') AND event_time >= r.lo AND event_time <= r.hi
    UNION ALL
    SELECT uid, stream_id, record_offset, idx, event_time FROM ingest.log
    WHERE scope = $1::text AND stream_id = r.s AND record_offset >= r.f AND record_offset < r.n
      AND (severity >= 13 OR format = 'hindcast') AND event_time = '-infinity'
    UNION ALL
    SELECT uid, stream_id, record_offset, idx, event_time FROM ingest.log
    WHERE scope = $1::text AND stream_id = r.s AND record_offset >= r.f AND record_offset < r.n
      AND uid IS NOT NULL AND NOT (severity >= 13 OR format = 'hindcast') AND event_time = '-infinity'
    UNION ALL
    SELECT uid, stream_id, record_offset, idx, event_time FROM ingest.log_kept
    WHERE scope = $1::text AND stream_id = r.s AND record_offset >= r.f AND record_offset < r.n
      AND (severity >= 13 OR format = 'hindcast')
    UNION ALL
    SELECT uid, stream_id, record_offset, idx, event_time FROM ingest.log_kept
    WHERE scope = $1::text AND stream_id = r.s AND record_offset >= r.f AND record_offset < r.n
      AND uid IS NOT NULL AND NOT (severity >= 13 OR format = 'hindcast')
    OFFSET 0) n
LIMIT $3::bigint
