SELECT topic, count(*) AS partitions, sum(events) AS events, max(max_event_time) AS newest, bool_or(owner_connected) AS read
FROM analyst.stream_status WHERE current GROUP BY topic;
