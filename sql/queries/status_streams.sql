SELECT stream_id, cluster_id, topic, incarnation, partition, current, first_offset, next_offset,
       records, stored, condensed, empty, tombstones, quarantined, holes, lost, events, adds_up,
       max_event_time, last_commit, owner_name, owner_connected,
       records_1m, events_1m, records_10m, events_10m
FROM analyst.stream_status
ORDER BY cluster_id COLLATE "C", topic COLLATE "C", partition, incarnation
