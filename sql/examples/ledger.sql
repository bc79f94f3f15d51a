SELECT topic, sum(records) AS records, sum(quarantined) AS quarantined, sum(lost) AS lost, bool_and(adds_up) AS adds_up
FROM analyst.ledger GROUP BY topic;
