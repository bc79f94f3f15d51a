-- Where a partition stands: attached, pending (half detached), detached or gone; and is it closed?
SELECT CASE WHEN to_regclass(p.name) IS NULL THEN 'gone'
            WHEN i.inhrelid IS NULL THEN 'detached'
            WHEN i.inhdetachpending THEN 'pending'
            ELSE 'attached' END,
       p.retiring
FROM evidence.partition p
LEFT JOIN pg_inherits i ON i.inhrelid = to_regclass(p.name)
WHERE p.name = $1::text
