-- Analysts see masked text only. Of what is derived it is stored beside the text, of events and log lines it is
-- computed when somebody reads, so that COPY writes no byte more (docs/decisions/0013-text-is-masked-when-it-is-read.md).
-- And what the views of the next migration look for has an index.

SET LOCAL ROLE hindcast_owner;

-- Row-level security binds the owner too, who has to bring the rows along.
ALTER TABLE correlate.incident NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.node NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.entry NO FORCE ROW LEVEL SECURITY;

-- ------------------------------------------------------------------ masking

-- Functions of views run with the search path of whoever asks, so their bodies are bound here (RETURN). Classes of
-- characters are written out and compared as code points: the result depends on no locale. Regular expressions
-- of PostgreSQL take long, the more they look for the longer: each runs only on what may hold it.
CREATE FUNCTION analyst.without_secrets(line text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN line COLLATE "C" LIKE ANY (ARRAY['%assw%', '%ASSW%', '%assphrase%', '%ecret%', '%ECRET%', '%oken%',
        '%OKEN%', '%pi_key%', '%pi_Key%', '%pikey%', '%piKey%', '%PI_KEY%', '%PIKEY%', '%uthorization%', '%earer%',
        '%ookie%'])
    THEN regexp_replace(line COLLATE "C",
        '(?:[Pp]assw(?:or)?d|PASSW(?:OR)?D|[Pp]assphrase|[Ss]ecret|SECRET|[Tt]oken|TOKEN|[Aa]pi.?[Kk]ey|API.?KEY'
        '|[Aa]uthorization|[Bb]earer|[Cc]ookie)(?:[ :=]+(?:is|was|[Bb]earer|[Bb]asic) +|[ :=]+)[^ ,;]+', '<*>', 'g')
    ELSE line END;
COMMENT ON FUNCTION analyst.without_secrets(text) IS 'Part of analyst.masked(): words such as password and what stands behind them';

CREATE FUNCTION analyst.without_quotations(line text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN line COLLATE "C" LIKE '%''%'
    THEN regexp_replace(line COLLATE "C",
        '(?<![0-9A-Za-z_])''(?:[^'']|''(?=[0-9A-Za-z_]))*''(?![0-9A-Za-z_])', '<*>', 'g')
    ELSE line END;
COMMENT ON FUNCTION analyst.without_quotations(text) IS 'Part of analyst.masked(): what stands in single quotation marks; an apostrophe opens none';

CREATE FUNCTION analyst.masked(line text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN line COLLATE "C" LIKE '%/%/%' OR line COLLATE "C" LIKE '%\\%\\%'
    THEN regexp_replace(analyst.without_quotations(analyst.without_secrets(left(line, 2000))) COLLATE "C",
        '["`][^"`]*(?:["`]|$)|=[^\u0001-\u0020"''`,;&)\]}]+|[^\u0001-\u0020"''`,;()\[\]{}<>=|]*(?:[0-9@\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]|[/\\][^\u0001-\u0020"''`,;()\[\]{}<>=|]*[/\\])[^\u0001-\u0020"''`,;()\[\]{}<>=|]*', '<*>', 'g')
    ELSE regexp_replace(analyst.without_quotations(analyst.without_secrets(left(line, 2000))) COLLATE "C",
        '["`][^"`]*(?:["`]|$)|=[^\u0001-\u0020"''`,;&)\]}]+|[^\u0001-\u0020"''`,;()\[\]{}<>=|]*[0-9@\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19][^\u0001-\u0020"''`,;()\[\]{}<>=|]*', '<*>', 'g')
    END;
COMMENT ON FUNCTION analyst.masked(text) IS
    'The text without what differs from one occurrence to the next or names somebody: quoted parts, words with a digit or @ or two slashes (links, paths), values behind = and behind words such as password become <*>; of the first 2,000 characters. Names without these stay';

CREATE FUNCTION analyst.masked_link(link text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(left(link, 2000) COLLATE "C", '^([A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/?#@]*@)?([^?#]*).*$', '\1\2');
COMMENT ON FUNCTION analyst.masked_link(text) IS
    'A link without user, password, query and fragment';

CREATE FUNCTION analyst.severity_band(severity integer)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN severity >= 21 THEN 'critical' WHEN severity >= 17 THEN 'error' WHEN severity >= 13 THEN 'warning'
                WHEN severity >= 9 THEN 'info' WHEN severity >= 1 THEN 'debug' ELSE 'unset' END;
COMMENT ON FUNCTION analyst.severity_band(integer) IS
    'critical (21 to 24), error (17 to 20), warning (13 to 16), info (9 to 12), debug (1 to 8) or unset, of an OpenTelemetry SeverityNumber';

CREATE FUNCTION analyst.is_stated(milestone text, kind text, act text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(CASE milestone
        WHEN 'impact_started' THEN kind IN ('impact_started', 'alert_firing', 'metric_breach', 'slo_burn')
                                   OR act IN ('symptom', 'report', 'detection')
        WHEN 'detected' THEN kind IN ('alert_firing', 'metric_breach', 'slo_burn', 'page_sent')
                             OR act IN ('symptom', 'report', 'detection', 'declaration')
        WHEN 'declared' THEN act = 'declaration'
        WHEN 'acknowledged' THEN kind = 'alert_acknowledged' OR act = 'ack'
        WHEN 'cause_identified' THEN act = 'finding'
        WHEN 'mitigated' THEN kind = 'impact_ended'
        WHEN 'recovered' THEN kind IN ('alert_resolved', 'impact_ended') OR act = 'recovery'
        WHEN 'reopened' THEN kind IN ('alert_firing', 'metric_breach', 'slo_burn')
                             OR act IN ('symptom', 'report', 'detection')
        WHEN 'resolved' THEN kind IN ('alert_resolved', 'status_change') OR act = 'resolution'
        END, false);
COMMENT ON FUNCTION analyst.is_stated(text, text, text) IS
    'Does the entry that proves a milestone say so itself, by its kind or act? False: it is possible, since the correlator chose it by its place in the course, such as the last action before recovery';

ALTER TABLE correlate.incident
    ADD COLUMN month date GENERATED ALWAYS AS (date_trunc('month', first_time AT TIME ZONE 'UTC')::date) STORED,
    ADD COLUMN service text GENERATED ALWAYS AS (services[1]) STORED,
    ADD COLUMN masked_title text GENERATED ALWAYS AS (analyst.masked(title)) STORED;
COMMENT ON COLUMN correlate.incident.month IS 'First day of the month of first_time, UTC';
COMMENT ON COLUMN correlate.incident.service IS 'The first of services; null: its alerts name none';
COMMENT ON COLUMN correlate.incident.masked_title IS 'title as analysts see it: analyst.masked()';
CREATE INDEX incident_by_month ON correlate.incident (month, first_time);
CREATE INDEX incident_by_first_service ON correlate.incident (service, first_time);
COMMENT ON INDEX correlate.incident_by_month IS 'Incidents of a month';
COMMENT ON INDEX correlate.incident_by_first_service IS 'Incidents of a service in a span of time';

ALTER TABLE correlate.node
    ADD COLUMN masked_title text GENERATED ALWAYS AS (analyst.masked(title)) STORED;
COMMENT ON COLUMN correlate.node.masked_title IS 'title as analysts see it: analyst.masked()';
CREATE INDEX node_series ON correlate.node (fingerprint, first_time);
CREATE INDEX node_kind_time ON correlate.node (kind, first_time);
COMMENT ON INDEX correlate.node_series IS 'Episodes of one alert one after the other: recurrence';
COMMENT ON INDEX correlate.node_kind_time IS 'Episodes of a kind in a span of time';

-- Rows of entries are written whole, by the names of the columns, so these are no generated ones: whoever leaves
-- them out gets them from the trigger.
ALTER TABLE correlate.entry ADD COLUMN masked_text text, ADD COLUMN masked_url text;
UPDATE correlate.entry SET masked_text = analyst.masked(text), masked_url = analyst.masked_link(url);
ALTER TABLE correlate.entry ADD CONSTRAINT plausible_mask
    CHECK (octet_length(masked_text) <= 65536 AND octet_length(masked_url) <= 65536) NOT VALID;
COMMENT ON COLUMN correlate.entry.masked_text IS 'text as analysts see it: analyst.masked()';
COMMENT ON COLUMN correlate.entry.masked_url IS 'url as analysts see it: analyst.masked_link()';

CREATE FUNCTION correlate.mask_entry()
RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.masked_text := analyst.masked(NEW.text);
    NEW.masked_url := analyst.masked_link(NEW.url);
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION correlate.mask_entry() IS 'Trigger: masked columns of entries that were written without them';
CREATE TRIGGER mask_entry BEFORE INSERT ON correlate.entry
    FOR EACH ROW WHEN (NEW.masked_text IS NULL) EXECUTE FUNCTION correlate.mask_entry();
CREATE TRIGGER mask_entry_again BEFORE UPDATE OF text, url ON correlate.entry
    FOR EACH ROW EXECUTE FUNCTION correlate.mask_entry();

-- ------------------------------------------------------------------ indexes of events and kept lines

CREATE FUNCTION ingest.alert_key(source text, fingerprint text, dedup_key text, title text, service text, host text,
                                 environment text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(source, '') || E'\x1f' || coalesce(fingerprint, dedup_key,
        md5(coalesce(title, '') || E'\x1f' || coalesce(service, '') || E'\x1f' || coalesce(host, '') || E'\x1f'
            || coalesce(environment, '')));
COMMENT ON FUNCTION ingest.alert_key(text, text, text, text, text, text, text) IS
    'What repeats of an alert: its source with its fingerprint, else its deduplication key, else a digest of title, service, host and environment';

CREATE FUNCTION ingest.change_key(source text, record_kind text, ref text, uid uuid)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(source, '') || E'\x1f' || record_kind || E'\x1f' || coalesce(ref, uid::text);
COMMENT ON FUNCTION ingest.change_key(text, text, text, uuid) IS
    'What the records of one change share: source, kind of record and reference; without a reference each is its own';

CREATE INDEX event_kind_time ON ingest.event (kind, event_time);
CREATE INDEX event_service_time ON ingest.event (service, event_time) WHERE service IS NOT NULL;
CREATE INDEX event_trace ON ingest.event (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX event_alert_series ON ingest.event
    (scope, ingest.alert_key(source, fingerprint, dedup_key, title, service, host, environment), event_time)
    WHERE kind = 'alert';
CREATE INDEX event_change_series ON ingest.event
    (scope, ingest.change_key(source, record_kind, ref, uid), event_time) WHERE kind = 'change';
COMMENT ON INDEX ingest.event_kind_time IS 'Alerts, messages or changes of a span of time';
COMMENT ON INDEX ingest.event_service_time IS 'Events of a service in a span of time';
COMMENT ON INDEX ingest.event_trace IS 'Events of a trace';
COMMENT ON INDEX ingest.event_alert_series IS 'Records of one alert one after the other';
COMMENT ON INDEX ingest.event_change_series IS 'Records of one change one after the other';

CREATE INDEX log_kept_time ON ingest.log_kept (event_time);
CREATE INDEX log_kept_service_time ON ingest.log_kept (service, event_time);
CREATE INDEX log_kept_trace ON ingest.log_kept (trace_id) WHERE trace_id IS NOT NULL;
COMMENT ON INDEX ingest.log_kept_time IS 'Lines of a span of time that outlived their partition';
COMMENT ON INDEX ingest.log_kept_service_time IS 'Lines of a service that outlived their partition';
COMMENT ON INDEX ingest.log_kept_trace IS 'Lines of a trace that outlived their partition';

-- Views over ingest read as their owner, and row-level security is forced upon owners too.
CREATE POLICY views ON correlate.member FOR SELECT TO hindcast_owner USING (true);
CREATE POLICY views ON correlate.incident FOR SELECT TO hindcast_owner USING (true);
CREATE POLICY views ON correlate.entry FOR SELECT TO hindcast_owner USING (true);

-- ------------------------------------------------------------------ rights on what is derived

REVOKE SELECT ON correlate.incident, correlate.node, correlate.entry FROM hindcast_analyst;
DO $$
DECLARE
    target record;
BEGIN
    FOR target IN SELECT attrelid::regclass AS name, string_agg(quote_ident(attname), ', ') AS columns
                  FROM pg_attribute
                  WHERE attrelid IN ('correlate.incident'::regclass, 'correlate.node'::regclass,
                                     'correlate.entry'::regclass)
                    AND attnum > 0 AND NOT attisdropped
                    AND attname NOT IN ('title', 'text', 'url', 'source_time_text', 'digest', 'member_digest')
                  GROUP BY attrelid LOOP
        EXECUTE format('GRANT SELECT (%s) ON %s TO hindcast_analyst', target.columns, target.name);
    END LOOP;
END
$$;

-- What a view calls is called by whoever asks; what an index or a column is made of, by whoever writes.
GRANT EXECUTE ON FUNCTION analyst.masked(text), analyst.without_secrets(text), analyst.without_quotations(text),
    analyst.masked_link(text), analyst.severity_band(integer),
    analyst.is_stated(text, text, text) TO hindcast_correlate, hindcast_responder, hindcast_analyst;
GRANT EXECUTE ON FUNCTION ingest.alert_key(text, text, text, text, text, text, text),
    ingest.change_key(text, text, text, uuid)
    TO hindcast_ingest, hindcast_correlate, hindcast_responder, hindcast_analyst;

ALTER TABLE correlate.incident FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.node FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.entry FORCE ROW LEVEL SECURITY;

RESET ROLE;
