-- What people decide of incidents and their rows: kept as it was said, replayed over whatever the records give. Rows are only added;
-- an undo is a row too. What it made of an incident stands in the incident.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hindcast_scribe') THEN
        BEGIN
            CREATE ROLE hindcast_scribe NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;   -- another database of this cluster is being migrated at the same moment
        END;
    END IF;
END
$$;

SET LOCAL ROLE hindcast_owner;

CREATE FUNCTION review.is_decision(scope text, decision_id text, content text)
RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(review.is_line(scope, 1024) AND octet_length(content) <= 65536
       AND decision_id = left(encode(sha256(convert_to(content, 'UTF8')), 'hex'), 20)
       AND jsonb_typeof(content::jsonb) = 'object'
       AND content::jsonb ->> 'verb' IN ('retime', 'pin', 'key', 'unkey', 'hide', 'annotate', 'milestone', 'note', 'title', 'severity',
                                         'status', 'lead', 'not-an-incident', 'merge', 'split', 'attach', 'detach', 'undo', 'undeclare')
       AND content::jsonb ->> 'at' ~ '^(19[7-9][0-9]|20[0-9][0-9])-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?Z$'
       AND coalesce(content::jsonb ->> 'time' ~ '^(19[7-9][0-9]|20[0-9][0-9])-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?Z$', true)
       AND review.is_line(content::jsonb ->> 'author', 200)
       AND coalesce(review.is_line(content::jsonb ->> 'value', 1000), true)
       AND coalesce(review.is_line(content::jsonb ->> 'why', 1000), true)
       AND coalesce(review.is_line(content::jsonb ->> 'target', 64), true)
       AND coalesce(content::jsonb ->> 'incident' ~ '^[0-9a-f]{32}$', true), false)
$$;
COMMENT ON FUNCTION review.is_decision(text, text, text) IS
    'Can this decision be taken at its word? Its id is the beginning of its content''s SHA-256, its verb is known, its times lie within 1970 to 2099, its texts are lines';

CREATE TABLE review.decision (
    scope       text NOT NULL,
    decision_id text NOT NULL,
    content     text NOT NULL,
    verb        text GENERATED ALWAYS AS (content::jsonb ->> 'verb') STORED,
    target      text GENERATED ALWAYS AS (content::jsonb ->> 'target') STORED,
    login       text NOT NULL DEFAULT session_user,
    noted_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, decision_id),
    CONSTRAINT sound CHECK (review.is_decision(scope, decision_id, content))
);
COMMENT ON TABLE review.decision IS 'What people decided of incidents and their rows; only added, undone by later rows (docs/decide.md)';
COMMENT ON COLUMN review.decision.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN review.decision.decision_id IS 'Beginning of the SHA-256 of content: carried over twice is once';
COMMENT ON COLUMN review.decision.content IS 'JSON with sorted members: when, who by the name that was given, verb, incident, row, value, why';
COMMENT ON COLUMN review.decision.verb IS 'What is done, a closed list; of content';
COMMENT ON COLUMN review.decision.target IS 'Decision that is undone, declaration that is taken back; null: none; of content';
COMMENT ON COLUMN review.decision.login IS 'Login that wrote the row, whatever name content gives';
COMMENT ON COLUMN review.decision.noted_at IS 'When the row was written; in no result';

GRANT EXECUTE ON FUNCTION review.is_decision(text, text, text) TO hindcast_correlate, hindcast_responder, hindcast_scribe;
GRANT EXECUTE ON FUNCTION review.is_line(text, integer) TO hindcast_scribe;

ALTER TABLE review.decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE review.decision FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON review.decision FOR SELECT TO hindcast_correlate USING (true);
CREATE POLICY responder_reads ON review.decision FOR SELECT TO hindcast_responder USING (true);
CREATE POLICY responder_writes ON review.decision FOR INSERT TO hindcast_responder WITH CHECK (login = session_user);
CREATE POLICY scribe_reads ON review.decision FOR SELECT TO hindcast_scribe USING (true);
-- A scribe adds notes and marks, and takes back what the same login wrote.
CREATE POLICY scribe_writes ON review.decision FOR INSERT TO hindcast_scribe WITH CHECK (
    login = session_user AND (verb IN ('note', 'annotate', 'pin', 'key', 'unkey', 'milestone')
        OR (verb = 'undo' AND EXISTS (SELECT FROM review.decision own WHERE own.scope = decision.scope
                                      AND own.decision_id = decision.target AND own.login = session_user))));
GRANT USAGE ON SCHEMA correlate, review, analyst, responder TO hindcast_scribe;
GRANT SELECT ON review.decision TO hindcast_correlate, hindcast_responder, hindcast_scribe;
GRANT INSERT (scope, decision_id, content) ON review.decision TO hindcast_responder, hindcast_scribe;

-- A scribe reads what is derived, as responders do.
DO $$
DECLARE
    target record;
BEGIN
    FOR target IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class c
                  WHERE c.relnamespace IN ('correlate'::regnamespace, 'analyst'::regnamespace, 'responder'::regnamespace)
                    AND c.relkind IN ('r', 'v') AND has_table_privilege('hindcast_responder', c.oid, 'SELECT') LOOP
        EXECUTE format('GRANT SELECT ON %s TO hindcast_scribe', target.name);
        IF target.relkind = 'r' THEN
            EXECUTE format('CREATE POLICY scribe ON %s FOR SELECT TO hindcast_scribe USING (true)', target.name);
        END IF;
    END LOOP;
    FOR target IN SELECT p.oid::regprocedure AS name FROM pg_proc p
                  WHERE p.pronamespace IN ('analyst'::regnamespace, 'responder'::regnamespace)
                    AND has_function_privilege('hindcast_responder', p.oid, 'EXECUTE') LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO hindcast_scribe', target.name);
    END LOOP;
END
$$;

-- Row-level security binds the owner too, who has to bring the rows along.
ALTER TABLE correlate.incident NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.incident ADD COLUMN decisions jsonb NOT NULL DEFAULT '[]'
    CONSTRAINT plausible_decisions CHECK (jsonb_typeof(decisions) = 'array');
COMMENT ON COLUMN correlate.incident.decisions IS 'What became of the decisions about it, in order: content, state, the rows they changed';
ALTER TABLE correlate.entry ADD COLUMN uid bytea CONSTRAINT plausible_uid CHECK (octet_length(uid) <= 16);
COMMENT ON COLUMN correlate.entry.uid IS 'Event that the row is of, its first record; null: a note, or not known yet';
-- Not known which rows are what they should be: the next run looks at each, and fills the uids in.
UPDATE correlate.incident SET member_digest = NULL;
ALTER TABLE correlate.incident FORCE ROW LEVEL SECURITY;
COMMENT ON COLUMN correlate.cursor.stream_id IS 'Stream; 0: number of declarations and decisions, -1: digest of the settings';


-- A revision keeps what people had decided by then, and names that as its cause.
CREATE OR REPLACE FUNCTION review.head_of(i correlate.incident)
RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object('number', i.number, 'incident_key', i.incident_key, 'title', i.title, 'first_time', i.first_time,
        'last_time', i.last_time, 'severity', i.severity, 'services', to_jsonb(i.services), 'raised', i.raised,
        'declared', i.declared, 'nodes', i.nodes, 'alerts', i.alerts, 'records', i.records, 'entries', i.entries,
        'decisions', i.decisions)
$$;
COMMENT ON COLUMN review.revision.causes IS 'Why: first, kept (it was there when revisions began to be kept), records, declaration, decision, configuration, nearby';
COMMENT ON COLUMN review.revision.head IS 'Number, key, title, times, severity, services, counts and decisions that it got';
COMMENT ON COLUMN analyst.revisions.causes IS 'first, kept (there before revisions were kept), records, declaration, decision, configuration, nearby (records around it); never null';
CREATE POLICY scribe ON review.revision FOR SELECT TO hindcast_scribe USING (true);
CREATE POLICY scribe ON review.revision_entry FOR SELECT TO hindcast_scribe USING (true);
GRANT SELECT ON review.revision, review.revision_entry TO hindcast_scribe;
GRANT EXECUTE ON FUNCTION review.head_of(correlate.incident), review.entry_was(correlate.entry) TO hindcast_scribe;

RESET ROLE;
