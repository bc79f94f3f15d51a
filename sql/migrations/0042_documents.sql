-- What was written of incidents, by which an analyst finds those without a document. A document names its incident by members, so
-- that it is found after merges, splits and late data; rows are history and in no result.

SET ROLE hindcast_owner;

CREATE TABLE review.document (
    document_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    written_at  timestamptz NOT NULL DEFAULT now(),
    scope       text NOT NULL,
    document    text NOT NULL,
    form        text NOT NULL,
    author      text NOT NULL DEFAULT session_user,
    digest      bytea NOT NULL,
    members     uuid[] NOT NULL,
    CONSTRAINT sound CHECK (document ~ '^[a-z]{1,32}$' AND form ~ '^[a-z]{1,32}$' AND octet_length(scope) BETWEEN 1 AND 8192
        AND octet_length(digest) <= 32 AND cardinality(members) BETWEEN 1 AND 1000)
);
COMMENT ON TABLE review.document IS 'Documents that report and draft wrote: what people read is not kept here, only that it was written';
COMMENT ON COLUMN review.document.document_no IS 'Order in which they were noted';
COMMENT ON COLUMN review.document.written_at IS 'When; in no result';
COMMENT ON COLUMN review.document.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN review.document.document IS 'postmortem, summary or facilitator';
COMMENT ON COLUMN review.document.form IS 'Form it was written in, such as md or html; draft: a folder with several';
COMMENT ON COLUMN review.document.author IS 'Login that wrote the row';
COMMENT ON COLUMN review.document.digest IS 'SHA-256 of the incident as it was shown: of another one, the incident changed since';
COMMENT ON COLUMN review.document.members IS 'Events of the incident, the 1,000 with the smallest uids';

ALTER TABLE review.document ENABLE ROW LEVEL SECURITY;
ALTER TABLE review.document FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON review.document FOR SELECT TO hindcast_correlate USING (true);
CREATE POLICY responder_reads ON review.document FOR SELECT TO hindcast_responder USING (true);
CREATE POLICY responder_writes ON review.document FOR INSERT TO hindcast_responder WITH CHECK (author = session_user);
CREATE POLICY analyst ON review.document FOR SELECT TO hindcast_analyst USING (true);
GRANT USAGE ON SCHEMA review TO hindcast_analyst;
GRANT SELECT ON review.document TO hindcast_correlate, hindcast_responder;
GRANT SELECT (document_no, written_at, scope, document, form, digest, members) ON review.document TO hindcast_analyst;
GRANT SELECT (digest) ON correlate.incident TO hindcast_analyst;
GRANT INSERT (scope, document, form, digest, members) ON review.document TO hindcast_responder;

CREATE VIEW analyst.documents WITH (security_invoker = true) AS
SELECT d.scope, i.number AS incident, i.incident_key, d.document, d.form, d.written_at, d.digest = i.digest AS current, i.month
FROM review.document d
LEFT JOIN LATERAL (
    SELECT m.incident_no FROM correlate.member m
    WHERE m.scope = d.scope AND m.uid = ANY (d.members)
    GROUP BY m.incident_no ORDER BY count(*) DESC, m.incident_no LIMIT 1) h ON true
LEFT JOIN correlate.incident i ON i.scope = d.scope AND i.incident_no = h.incident_no;
COMMENT ON VIEW analyst.documents IS 'Documents that report and draft wrote, each with the incident that most of its members are in now';
COMMENT ON COLUMN analyst.documents.scope IS 'Unit of privacy and correlation, never null; filter by it';
COMMENT ON COLUMN analyst.documents.incident IS 'Display number of the incident that holds most of its members; null: none does, or it was never raised';
COMMENT ON COLUMN analyst.documents.incident_key IS 'Key of that incident; null: none holds its members';
COMMENT ON COLUMN analyst.documents.document IS 'postmortem, summary or facilitator; never null (review.document)';
COMMENT ON COLUMN analyst.documents.form IS 'Form it was written in, such as md or html; draft: a folder with several; never null';
COMMENT ON COLUMN analyst.documents.written_at IS 'When, UTC; never null';
COMMENT ON COLUMN analyst.documents.current IS 'The incident is as it was then; false: it changed since; null: it is gone';
COMMENT ON COLUMN analyst.documents.month IS 'First day of the month of the incident''s first sign, UTC; null: it is gone';
GRANT SELECT ON analyst.documents TO hindcast_correlate, hindcast_responder, hindcast_analyst;

RESET ROLE;
