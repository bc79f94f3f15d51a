-- What was read of each topic, by format: manifest records, records about people, records in quarantine, events that nobody counted, and
-- events by the source of their time in the order of include/hindcast/event.def. Formats beyond the 50 with
-- most of a topic are one row.
WITH formats AS (
    SELECT cluster_id, topic, format,
           coalesce(sum(events) FILTER (WHERE kind = 'person'), 0) AS persons,
           coalesce(sum(events) FILTER (WHERE kind = 'manifest'), 0) AS manifests,
           coalesce(sum(events) FILTER (WHERE kind = 'quarantined'), 0) AS quarantined,
           coalesce(sum(events) FILTER (WHERE kind = 'uncounted'), 0) AS uncounted,
           coalesce(sum(events) FILTER (WHERE time_source = 'native'), 0) AS native,
           coalesce(sum(events) FILTER (WHERE time_source = 'assumed_zone'), 0) AS assumed_zone,
           coalesce(sum(events) FILTER (WHERE time_source = 'assumed_year'), 0) AS assumed_year,
           coalesce(sum(events) FILTER (WHERE time_source = 'assumed_date'), 0) AS assumed_date,
           coalesce(sum(events) FILTER (WHERE time_source = 'inherited'), 0) AS inherited,
           coalesce(sum(events) FILTER (WHERE time_source = 'kafka'), 0) AS kafka,
           coalesce(sum(events) FILTER (WHERE time_source = 'none' AND kind NOT IN ('manifest', 'person')), 0) AS none,
           row_number() OVER (PARTITION BY cluster_id, topic
                              ORDER BY sum(events) DESC, format COLLATE "C" NULLS LAST) AS rank
    FROM analyst.reading
    GROUP BY cluster_id, topic, format
)
SELECT cluster_id, topic, CASE WHEN rank <= 50 THEN format END, rank > 50,
       sum(manifests)::bigint, sum(quarantined)::bigint, sum(uncounted)::bigint, sum(native)::bigint,
       sum(assumed_zone)::bigint, sum(assumed_year)::bigint, sum(assumed_date)::bigint, sum(inherited)::bigint,
       sum(kafka)::bigint, sum(none)::bigint, sum(persons)::bigint
FROM formats
GROUP BY cluster_id, topic, CASE WHEN rank <= 50 THEN format END, CASE WHEN rank <= 50 THEN rank END, rank > 50
ORDER BY cluster_id COLLATE "C", topic COLLATE "C", min(rank)
