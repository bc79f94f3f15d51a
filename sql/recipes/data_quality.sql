-- How far can these answers be trusted?
-- Per topic: events without any time, with one that was assumed or taken from elsewhere, read as something general; records in
-- quarantine; offsets that were gone before they could be read.
SELECT r.topic, coalesce(sum(r.events) FILTER (WHERE r.kind <> 'quarantined'), 0)::bigint AS events,
       coalesce(sum(r.events) FILTER (WHERE r.time_source = 'none'), 0)::bigint AS undated,
       coalesce(sum(r.events) FILTER (WHERE r.time_source LIKE 'assumed\_%'), 0)::bigint AS assumed,
       coalesce(sum(r.events) FILTER (WHERE r.time_source IN ('inherited', 'kafka')), 0)::bigint AS borrowed,
       coalesce(sum(r.events) FILTER (WHERE r.kind <> 'quarantined' AND r.format IN ('json', 'text')), 0)::bigint AS general,
       coalesce(sum(r.events) FILTER (WHERE r.kind = 'quarantined'), 0)::bigint AS quarantined,
       coalesce((SELECT sum(g.to_offset - g.from_offset) FROM analyst.source_gaps g WHERE g.topic = r.topic), 0)::bigint AS missing
FROM analyst.reading r
GROUP BY r.topic ORDER BY r.topic COLLATE "C";
