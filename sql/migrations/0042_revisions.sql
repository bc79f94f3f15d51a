-- What an incident was told as before it changed. A revision says what it became and when; each entry that a change touched is kept as it
-- was before, so that old revisions cost what changed. Rows are history of arrival: in no result, and a rebuild takes none away.

SET ROLE hindcast_owner;

CREATE TABLE review.revision (
    scope         text NOT NULL,
    incident_no   bigint NOT NULL,
    revision      integer NOT NULL,
    published_at  timestamptz NOT NULL DEFAULT now(),
    causes        text[] NOT NULL,
    digest        bytea NOT NULL,
    member_digest bytea,
    config_digest bytea,
    head          jsonb NOT NULL,
    milestones    jsonb NOT NULL,
    added         bigint NOT NULL,
    removed       bigint NOT NULL,
    changed       bigint NOT NULL,
    PRIMARY KEY (scope, incident_no, revision),
    CONSTRAINT sound CHECK (octet_length(scope) BETWEEN 1 AND 1024 AND incident_no BETWEEN 0 AND 4611686018427387903 AND revision > 0
        AND cardinality(causes) BETWEEN 1 AND 16 AND octet_length(digest) <= 32 AND octet_length(member_digest) <= 32
        AND octet_length(config_digest) = 32 AND jsonb_typeof(head) = 'object' AND jsonb_typeof(milestones) = 'array'
        AND added >= 0 AND removed >= 0 AND changed >= 0
        AND greatest(added, removed, changed) < 4611686018427387904)
);
COMMENT ON TABLE review.revision IS 'Revisions of incidents: each time that one became another, with what it became';
COMMENT ON COLUMN review.revision.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN review.revision.incident_no IS 'Internal number of the incident; that of one that is gone stays here';
COMMENT ON COLUMN review.revision.revision IS 'From 1 without holes';
COMMENT ON COLUMN review.revision.published_at IS 'When the transaction began that published it; in no result';
COMMENT ON COLUMN review.revision.causes IS 'Why: first, kept (it was there when revisions began to be kept), records, declaration, configuration, nearby';
COMMENT ON COLUMN review.revision.digest IS 'SHA-256 over its canonical export';
COMMENT ON COLUMN review.revision.member_digest IS 'SHA-256 over the uids of its records';
COMMENT ON COLUMN review.revision.config_digest IS 'Configuration that it was correlated with; null: one that is in no table';
COMMENT ON COLUMN review.revision.head IS 'Number, key, title, times, severity, services and counts that it got';
COMMENT ON COLUMN review.revision.milestones IS 'Milestones that it got';
COMMENT ON COLUMN review.revision.added IS 'Entries that came';
COMMENT ON COLUMN review.revision.removed IS 'Entries that went';
COMMENT ON COLUMN review.revision.changed IS 'Entries that became others';

CREATE TABLE review.revision_entry (
    scope       text NOT NULL,
    incident_no bigint NOT NULL,
    revision    integer NOT NULL,
    entry_id    text NOT NULL,
    was         jsonb,
    PRIMARY KEY (scope, incident_no, entry_id, revision),
    CONSTRAINT sound CHECK (octet_length(scope) BETWEEN 1 AND 1024 AND incident_no BETWEEN 0 AND 4611686018427387903 AND revision > 0
        AND octet_length(entry_id) <= 65536 AND jsonb_typeof(was) = 'object')
);
CREATE INDEX revision_entry_by_revision ON review.revision_entry (scope, incident_no, revision);
COMMENT ON INDEX review.revision_entry_by_revision IS 'What one revision touched';
COMMENT ON TABLE review.revision_entry IS 'Entries that a revision touched, as they were before it';
COMMENT ON COLUMN review.revision_entry.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN review.revision_entry.incident_no IS 'Internal number of the incident';
COMMENT ON COLUMN review.revision_entry.revision IS 'Revision that touched it';
COMMENT ON COLUMN review.revision_entry.entry_id IS 'Entry';
COMMENT ON COLUMN review.revision_entry.was IS 'The row of correlate.entry before, without masked columns; null: there was none';

ALTER TABLE review.revision ENABLE ROW LEVEL SECURITY;
ALTER TABLE review.revision FORCE ROW LEVEL SECURITY;
ALTER TABLE review.revision_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE review.revision_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON review.revision TO hindcast_correlate USING (true) WITH CHECK (true);
CREATE POLICY correlator ON review.revision_entry TO hindcast_correlate USING (true) WITH CHECK (true);
CREATE POLICY responder ON review.revision FOR SELECT TO hindcast_responder USING (true);
CREATE POLICY responder ON review.revision_entry FOR SELECT TO hindcast_responder USING (true);
CREATE POLICY analyst ON review.revision FOR SELECT TO hindcast_analyst USING (true);
CREATE POLICY first ON review.revision FOR INSERT TO hindcast_owner WITH CHECK (true);
CREATE POLICY settling ON review.revision FOR SELECT TO hindcast_owner USING (true);
CREATE POLICY settling ON review.revision_entry FOR SELECT TO hindcast_owner USING (true);
CREATE POLICY settling_back ON review.revision_entry FOR DELETE TO hindcast_owner USING (true);
GRANT SELECT, INSERT ON review.revision, review.revision_entry TO hindcast_correlate;
GRANT SELECT ON review.revision, review.revision_entry TO hindcast_responder;
GRANT SELECT (scope, incident_no, revision, published_at, causes, digest, config_digest, added, removed, changed)
    ON review.revision TO hindcast_analyst;

-- What revision an incident gets next; null: it has none yet, so there is no before.
CREATE FUNCTION review.next_revision(of_scope text, of_incident bigint)
RETURNS integer LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT max(revision) + 1 FROM review.revision WHERE scope = of_scope AND incident_no = of_incident
$$;
COMMENT ON FUNCTION review.next_revision(text, bigint) IS 'The revision that an incident gets next; null: it has none yet';
REVOKE ALL ON FUNCTION review.next_revision(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION review.next_revision(text, bigint) TO hindcast_correlate;

-- An entry as a revision keeps it.
CREATE FUNCTION review.entry_was(entry correlate.entry)
RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT to_jsonb(entry) - 'masked_text' - 'masked_url'
$$;
COMMENT ON FUNCTION review.entry_was(correlate.entry) IS 'An entry as review.revision_entry keeps it';
REVOKE ALL ON FUNCTION review.entry_was(correlate.entry) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION review.entry_was(correlate.entry) TO hindcast_correlate, hindcast_responder;

-- A rebuild notes all rows of an incident that became another; this takes back those that did not, of the revision to come alone.
CREATE FUNCTION review.settle_revision(of_scope text, of_incident bigint)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH same AS (
        DELETE FROM review.revision_entry v USING correlate.entry e
        WHERE v.scope = of_scope AND v.incident_no = of_incident
          AND v.revision = review.next_revision(of_scope, of_incident)
          AND e.scope = v.scope AND e.incident_no = v.incident_no AND e.entry_id = v.entry_id AND v.was = review.entry_was(e)
        RETURNING 1
    )
    SELECT count(*) FROM same
$$;
COMMENT ON FUNCTION review.settle_revision(text, bigint) IS
    'Takes back what was noted for the revision to come of an incident, and is as it was';
REVOKE ALL ON FUNCTION review.settle_revision(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION review.settle_revision(text, bigint) TO hindcast_correlate;

CREATE FUNCTION review.head_of(i correlate.incident)
RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object('number', i.number, 'incident_key', i.incident_key, 'title', i.title, 'first_time', i.first_time,
        'last_time', i.last_time, 'severity', i.severity, 'services', to_jsonb(i.services), 'raised', i.raised,
        'declared', i.declared, 'nodes', i.nodes, 'alerts', i.alerts, 'records', i.records, 'entries', i.entries)
$$;
COMMENT ON FUNCTION review.head_of(correlate.incident) IS 'The head of an incident as review.revision keeps it';
REVOKE ALL ON FUNCTION review.head_of(correlate.incident) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION review.head_of(correlate.incident) TO hindcast_correlate, hindcast_responder;

CREATE FUNCTION review.milestones_of(of_scope text, of_incident bigint)
RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_agg(to_jsonb(m) - 'scope' - 'incident_no'
                              ORDER BY m.rank, m.event_time, m.event_ns, m.entry_id COLLATE "C"), '[]')
    FROM correlate.milestone m WHERE m.scope = of_scope AND m.incident_no = of_incident
$$;
COMMENT ON FUNCTION review.milestones_of(text, bigint) IS 'The milestones of an incident as review.revision keeps them';
REVOKE ALL ON FUNCTION review.milestones_of(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION review.milestones_of(text, bigint) TO hindcast_correlate;

-- Incidents that are there begin with the revision that they are.
CREATE POLICY first_milestones ON correlate.milestone FOR SELECT TO hindcast_owner USING (true);
INSERT INTO review.revision (scope, incident_no, revision, causes, digest, member_digest, config_digest, head, milestones, added,
                             removed, changed)
SELECT i.scope, i.incident_no, 1, '{kept}', i.digest, i.member_digest, NULL, review.head_of(i),
       review.milestones_of(i.scope, i.incident_no), i.entries, 0, 0
FROM correlate.incident i;
DROP POLICY first_milestones ON correlate.milestone;
DROP POLICY first ON review.revision;

CREATE VIEW analyst.revisions WITH (security_invoker = true) AS
SELECT r.scope, i.number AS incident, i.incident_key, r.revision, r.published_at, r.causes, r.added, r.removed, r.changed,
       r.digest = i.digest AS current, i.month
FROM review.revision r
JOIN correlate.incident i ON i.scope = r.scope AND i.incident_no = r.incident_no;
COMMENT ON VIEW analyst.revisions IS 'Each time that an incident became another: when it was published, why, and how many entries that touched';
COMMENT ON COLUMN analyst.revisions.scope IS 'Unit of privacy and correlation, never null; filter by it';
COMMENT ON COLUMN analyst.revisions.incident IS 'Display number; null: it was never raised';
COMMENT ON COLUMN analyst.revisions.incident_key IS 'Key of the incident as it is now; never null';
COMMENT ON COLUMN analyst.revisions.revision IS 'From 1 without holes; never null (review.revision)';
COMMENT ON COLUMN analyst.revisions.published_at IS 'When the transaction began that published it, UTC; never null';
COMMENT ON COLUMN analyst.revisions.causes IS 'first, kept (there before revisions were kept), records, declaration, configuration, nearby (records around it); never null';
COMMENT ON COLUMN analyst.revisions.added IS 'Entries that came; never null';
COMMENT ON COLUMN analyst.revisions.removed IS 'Entries that went; never null';
COMMENT ON COLUMN analyst.revisions.changed IS 'Entries that became others; never null';
COMMENT ON COLUMN analyst.revisions.current IS 'The incident is this now; never null';
COMMENT ON COLUMN analyst.revisions.month IS 'First day of the month of the incident''s first sign, UTC; never null';
GRANT SELECT ON analyst.revisions TO hindcast_correlate, hindcast_responder, hindcast_analyst;

RESET ROLE;
