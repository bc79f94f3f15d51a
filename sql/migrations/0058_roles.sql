-- Who had which role, from when to when: of each entry that gives a role to somebody.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE correlate.entry ADD COLUMN roles jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN correlate.entry.roles IS
    'Whom it gives which role: [{person, role, until, end}, ...]; until and end (the entry) are there where an end is told';
GRANT SELECT (roles) ON correlate.entry TO hindcast_analyst;

DO $views$
DECLARE
    target record;
BEGIN
    FOR target IN SELECT * FROM (VALUES ('analyst', 'masked_text'), ('responder', 'text')) v (name, text) LOOP
        EXECUTE format($$
            CREATE VIEW %I.roles WITH (security_invoker = true) AS
            SELECT i.scope, i.number AS incident, i.incident_key, i.month, r.person, r.role, e.event_time AS from_time,
                   r.until AS to_time, e.actor AS given_by, e.source, e.record_kind, e.%I AS text, e.entry_id,
                   r."end" AS end_entry_id
            FROM correlate.incident i
            JOIN correlate.entry e ON e.scope = i.scope AND e.incident_no = i.incident_no
            CROSS JOIN LATERAL jsonb_to_recordset(e.roles)
                AS r(person text, role text, until timestamptz, "end" text)$$, target.name, target.text);
        EXECUTE format('COMMENT ON COLUMN %I.roles.scope IS %L', target.name,
            'Unit of privacy and correlation, never null; filter by it');
        EXECUTE format('COMMENT ON COLUMN %I.roles.incident IS %L', target.name,
            'Display number such as INC-2026-0042; null: it never was raised (correlate.incident)');
        EXECUTE format('COMMENT ON COLUMN %I.roles.incident_key IS %L', target.name,
            'Key of the incident: the smallest key of its nodes, another one once an earlier record comes; never null (correlate.incident)');
        EXECUTE format('COMMENT ON COLUMN %I.roles.month IS %L', target.name,
            'First day of the month of the first sign of the incident, UTC; never null');
        EXECUTE format('COMMENT ON COLUMN %I.roles.person IS %L', target.name,
            'Who had the role, by the name that is shown everywhere; never null (correlate.entry.roles)');
        EXECUTE format('COMMENT ON COLUMN %I.roles.role IS %L', target.name,
            'The role, by the name that hindcast has for it, such as incident commander; never null');
        EXECUTE format('COMMENT ON COLUMN %I.roles.from_time IS %L', target.name,
            'When the record says that the person has it, UTC; never null');
        EXECUTE format('COMMENT ON COLUMN %I.roles.to_time IS %L', target.name,
            'When another one took it, or the person gave it up or took another one, UTC; null: no end is told');
        EXECUTE format('COMMENT ON COLUMN %I.roles.given_by IS %L', target.name,
            'Who says so: the person, somebody else, a program; null: nobody is told');
        EXECUTE format('COMMENT ON COLUMN %I.roles.source IS %L', target.name, 'Source of the record that says so; null: not told');
        EXECUTE format('COMMENT ON COLUMN %I.roles.record_kind IS %L', target.name,
            'What that record is: chat, incident-event, note ...; never null');
        EXECUTE format('COMMENT ON COLUMN %I.roles.text IS %L', target.name,
            CASE target.name WHEN 'analyst' THEN 'What the record says, one line, masked; never null'
                             ELSE 'What the record says, one line; never null' END);
        EXECUTE format('COMMENT ON COLUMN %I.roles.entry_id IS %L', target.name,
            'The entry that says so; its records are in analyst.evidence; never null');
        EXECUTE format('COMMENT ON COLUMN %I.roles.end_entry_id IS %L', target.name,
            'The entry with which it ends; null where to_time is');
    END LOOP;
END
$views$;
COMMENT ON VIEW analyst.roles IS 'Who had which role in an incident from when to when, one row for each time that somebody got one, with the entry that says so';
COMMENT ON VIEW responder.roles IS 'analyst.roles with the text itself';
GRANT SELECT ON analyst.roles TO hindcast_correlate, hindcast_responder, hindcast_scribe, hindcast_analyst;
GRANT SELECT ON responder.roles TO hindcast_correlate, hindcast_responder, hindcast_scribe;

RESET ROLE;
