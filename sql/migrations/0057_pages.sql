-- Who was paged, and when each first did or said something after it: of each entry that pages people.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE correlate.entry ADD COLUMN pages jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN correlate.entry.pages IS
    'Whom it pages: [{person, answered, how, answer, doubt}, ...]; answered, how and answer (the entry) are there where the person shows after it';
GRANT SELECT (pages) ON correlate.entry TO hindcast_analyst;

DO $views$
DECLARE
    target record;
BEGIN
    FOR target IN SELECT * FROM (VALUES ('analyst', 'masked_text'), ('responder', 'text')) v (name, text) LOOP
        EXECUTE format($$
            CREATE VIEW %I.pages WITH (security_invoker = true) AS
            SELECT i.scope, i.number AS incident, i.incident_key, i.month, p.person, e.event_time AS paged_at,
                   p.answered AS answered_at, p.answered - e.event_time AS time_to_answer, p.how AS answered_by, p.doubt,
                   e.actor AS paged_by, e.source, e.record_kind, e.%I AS text, e.entry_id, p.answer AS answer_entry_id
            FROM correlate.incident i
            JOIN correlate.entry e ON e.scope = i.scope AND e.incident_no = i.incident_no
            CROSS JOIN LATERAL jsonb_to_recordset(e.pages)
                AS p(person text, answered timestamptz, how text, answer text, doubt text)$$, target.name, target.text);
        EXECUTE format('COMMENT ON COLUMN %I.pages.scope IS %L', target.name,
            'Unit of privacy and correlation, never null; filter by it');
        EXECUTE format('COMMENT ON COLUMN %I.pages.incident IS %L', target.name,
            'Display number such as INC-2026-0042; null: it never was raised (correlate.incident)');
        EXECUTE format('COMMENT ON COLUMN %I.pages.incident_key IS %L', target.name,
            'Key of the incident: the smallest key of its nodes, another one once an earlier record comes; never null (correlate.incident)');
        EXECUTE format('COMMENT ON COLUMN %I.pages.month IS %L', target.name,
            'First day of the month of the first sign of the incident, UTC; never null');
        EXECUTE format('COMMENT ON COLUMN %I.pages.source IS %L', target.name,
            'Source of the record that pages; null: not told');
        EXECUTE format('COMMENT ON COLUMN %I.pages.record_kind IS %L', target.name,
            'What that record is: alert, incident-event, chat, note ...; never null');
        EXECUTE format('COMMENT ON COLUMN %I.pages.person IS %L', target.name,
            'Who was paged, by the name that is shown everywhere; never null (correlate.entry.pages)');
        EXECUTE format('COMMENT ON COLUMN %I.pages.paged_at IS %L', target.name,
            'When, as the record says, UTC; never null');
        EXECUTE format('COMMENT ON COLUMN %I.pages.answered_at IS %L', target.name,
            'When the person first did or said something after it, UTC; null: no record of the incident shows the person after it');
        EXECUTE format('COMMENT ON COLUMN %I.pages.time_to_answer IS %L', target.name,
            'answered_at less paged_at; null where answered_at is');
        EXECUTE format('COMMENT ON COLUMN %I.pages.answered_by IS %L', target.name,
            'ack (took it), message (wrote), act (did something); null where answered_at is');
        EXECUTE format('COMMENT ON COLUMN %I.pages.doubt IS %L', target.name,
            'Whose name it could be, where that is not decided: then nothing is known of an answer; null: it is decided');
        EXECUTE format('COMMENT ON COLUMN %I.pages.paged_by IS %L', target.name,
            'Who paged, where the record tells it: a person, a program; null: nobody is told');
        EXECUTE format('COMMENT ON COLUMN %I.pages.text IS %L', target.name,
            CASE target.name WHEN 'analyst' THEN 'What the record says, one line, masked; never null'
                             ELSE 'What the record says, one line; never null' END);
        EXECUTE format('COMMENT ON COLUMN %I.pages.entry_id IS %L', target.name,
            'The entry that pages; its records are in analyst.evidence; never null');
        EXECUTE format('COMMENT ON COLUMN %I.pages.answer_entry_id IS %L', target.name,
            'The entry that shows the person; null where answered_at is');
    END LOOP;
END
$views$;
COMMENT ON VIEW analyst.pages IS 'Who was paged in an incident, one row for each person and record that pages, and when the person first shows after it. Who shows nowhere may have worked without leaving a record: people are not ranked';
COMMENT ON VIEW responder.pages IS 'analyst.pages with the text itself';
GRANT SELECT ON analyst.pages TO hindcast_correlate, hindcast_responder, hindcast_scribe, hindcast_analyst;
GRANT SELECT ON responder.pages TO hindcast_correlate, hindcast_responder, hindcast_scribe;

RESET ROLE;
