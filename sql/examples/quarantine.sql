SELECT reason, count(*) AS records FROM analyst.quarantine WHERE state = 'open' GROUP BY reason ORDER BY reason;
