-- What rsyslog writes to: the columns it can fill, with the indexes that ingest.log has on them.
DROP TABLE IF EXISTS bench_rsyslog;
CREATE TABLE bench_rsyslog (
    event_time  timestamptz,
    host        text,
    service     text,
    severity    text,
    body        text,
    ingest_time timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON bench_rsyslog USING brin (event_time);
CREATE INDEX ON bench_rsyslog (service, event_time);
