-- Views of the contract read by index what they are asked for, however long the series of an alert and the table of
-- entries are (tests/bench/queries). And log lines are looked up by trace where their day is closed: `hindcast retention`
-- makes that index when it freezes a partition, so that COPY pays nothing for it.

SET LOCAL ROLE hindcast_owner;

UPDATE evidence.partition SET frozen = false WHERE parent = 'ingest.log' AND frozen;
COMMENT ON COLUMN evidence.partition.frozen IS 'Vacuumed and analyzed after its last day, log lines indexed by trace';

-- What sorts the records of an alert is in the index: who asks for the next one reads that one.
DROP INDEX ingest.event_alert_series;
CREATE INDEX event_alert_series ON ingest.event
    (scope, ingest.alert_key(source, fingerprint, dedup_key, title, service, host, environment), event_time, event_ns,
     (coalesce(phase, 'trigger') = 'resolve'), uid)
    WHERE kind = 'alert';
COMMENT ON INDEX ingest.event_alert_series IS 'Records of one alert one after the other; at one time those that say it fires come first';

CREATE INDEX event_change_service ON ingest.event (scope, service, event_time, event_ns, uid)
    WHERE kind = 'change' AND service IS NOT NULL;
COMMENT ON INDEX ingest.event_change_service IS 'Changes of a service one after the other: which one took another back';

RESET ROLE;
