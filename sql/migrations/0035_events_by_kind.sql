-- Of events, alerts, messages and changes are looked up by time, and alerts by service as well; metrics and notes pay for
-- no index that nobody asks by.

SET LOCAL ROLE hindcast_owner;

DROP INDEX ingest.event_kind_time, ingest.event_service_time;
CREATE INDEX event_kind_time ON ingest.event (kind, event_time) WHERE kind IN ('alert', 'chat', 'change');
CREATE INDEX event_alert_service ON ingest.event (service, event_time) WHERE kind = 'alert' AND service IS NOT NULL;
COMMENT ON INDEX ingest.event_kind_time IS 'Alerts, messages or changes of a span of time';
COMMENT ON INDEX ingest.event_alert_service IS 'Alerts of a service in a span of time';

RESET ROLE;
