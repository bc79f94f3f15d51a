-- An incident carries its display number, and a number belongs to one incident of the whole database:
-- who looks one up names no scope. What lists and lookups ask for has an index.

SET LOCAL ROLE hindcast_owner;

-- Row-level security binds the owner too, who has to bring the rows along.
ALTER TABLE correlate.number NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.incident NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.node NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.entry NO FORCE ROW LEVEL SECURITY;

CREATE TABLE correlate.number_year (
    year integer PRIMARY KEY,
    last integer NOT NULL
);
COMMENT ON TABLE correlate.number_year IS 'The last display number of each year; its row is locked while a transaction gives numbers';
COMMENT ON COLUMN correlate.number_year.year IS 'Year of the incidents';
COMMENT ON COLUMN correlate.number_year.last IS 'Last number given; numbers are never given twice';

-- Each scope counted for itself: of equal numbers the first scope keeps it, the others get new ones.
INSERT INTO correlate.number_year (year, last)
SELECT year, max(number) FROM correlate.number GROUP BY year;
WITH again AS (
    SELECT ctid, year, row_number() OVER (PARTITION BY year, number ORDER BY scope COLLATE "C") AS nth,
           number, scope
    FROM correlate.number
), moved AS (
    SELECT ctid, year, row_number() OVER (PARTITION BY year ORDER BY number, scope COLLATE "C") AS more
    FROM again WHERE nth > 1
)
UPDATE correlate.number n SET number = y.last + m.more
FROM moved m JOIN correlate.number_year y USING (year)
WHERE n.ctid = m.ctid;
UPDATE correlate.number_year y
SET last = (SELECT max(n.number) FROM correlate.number n WHERE n.year = y.year);

ALTER TABLE correlate.number DROP CONSTRAINT number_scope_year_number_key;
ALTER TABLE correlate.number ADD UNIQUE (year, number);
ALTER TABLE correlate.number ADD COLUMN entry_id text;
ALTER TABLE correlate.number ADD COLUMN held_by text;
-- More than 9,999 incidents a year are shown with as many digits as it takes.
ALTER TABLE correlate.number ADD COLUMN name text NOT NULL GENERATED ALWAYS AS
    ('INC-' || year::text || '-' || lpad(number::text, greatest(4, length(number::text)), '0')) STORED;
ALTER TABLE correlate.number ADD UNIQUE (name);
COMMENT ON TABLE correlate.number IS 'Display numbers, given once per node and never taken back; an incident shows its smallest, the others are aliases';
COMMENT ON COLUMN correlate.number.number IS 'Number within the year, of all scopes';
COMMENT ON COLUMN correlate.number.entry_id IS 'First entry of that node: finds the node again when an earlier record gives it another key; null: not known';
COMMENT ON COLUMN correlate.number.held_by IS 'Node that holds that entry now, where the one that got the number is gone; null: node_key';
COMMENT ON COLUMN correlate.number.name IS 'As people write it: INC-2026-0042';

UPDATE correlate.number n SET entry_id = (
    SELECT e.entry_id
    FROM correlate.node d
    JOIN correlate.entry e ON e.scope = d.scope AND e.incident_key = d.incident_key
                          AND e.node_key = d.node_key
    WHERE d.scope = n.scope AND d.node_key = n.node_key
    ORDER BY e.position LIMIT 1);

ALTER TABLE correlate.incident ADD COLUMN number text;
COMMENT ON COLUMN correlate.incident.number IS 'Display number: the smallest of its nodes; null: it never was raised';
UPDATE correlate.incident i SET number = s.name
FROM (SELECT DISTINCT ON (d.scope, d.incident_key) d.scope, d.incident_key, n.name
      FROM correlate.number n
      JOIN correlate.node d ON d.scope = n.scope AND d.node_key = n.node_key
      WHERE d.incident_key IS NOT NULL
      ORDER BY d.scope, d.incident_key, n.year, n.number) s
WHERE i.scope = s.scope AND i.incident_key = s.incident_key;
-- Deferrable: checked after the statement, in which numbers may change places.
ALTER TABLE correlate.incident ADD UNIQUE (number) DEFERRABLE INITIALLY IMMEDIATE;

CREATE INDEX incident_by_key ON correlate.incident (incident_key COLLATE "C");
CREATE INDEX incident_by_time ON correlate.incident (first_time);
CREATE INDEX incident_raised ON correlate.incident (first_time, incident_key COLLATE "C") WHERE raised;
CREATE INDEX incident_by_service ON correlate.incident USING gin (services);
COMMENT ON INDEX correlate.incident_by_key IS 'Lookup by key or by how it begins, in whatever scope';
COMMENT ON INDEX correlate.incident_by_time IS 'Incidents of a span of time';
COMMENT ON INDEX correlate.incident_raised IS 'The latest incident';
COMMENT ON INDEX correlate.incident_by_service IS 'Incidents of a service: services @> ARRAY[''checkout'']';

-- The same three columns, so that an entry is found by its id as well.
ALTER TABLE correlate.entry DROP CONSTRAINT entry_scope_incident_key_entry_id_key;
ALTER TABLE correlate.entry ADD UNIQUE (scope, entry_id, incident_key);

CREATE OR REPLACE VIEW analyst.incidents WITH (security_invoker = true) AS
SELECT i.scope, i.number AS incident, i.incident_key, i.title, i.severity, i.services, i.first_time,
       i.last_time, i.last_time - i.first_time AS duration, i.alerts, i.records, i.entries, i.declared,
       i.raised
FROM correlate.incident i;
COMMENT ON VIEW analyst.incidents IS 'One row per incident';

CREATE VIEW analyst.incident_numbers WITH (security_invoker = true) AS
SELECT n.scope, n.name AS incident, i.number AS shown_as, i.incident_key
FROM correlate.number n
JOIN correlate.node d ON d.scope = n.scope AND d.node_key = coalesce(n.held_by, n.node_key)
JOIN correlate.incident i ON i.scope = d.scope AND i.incident_key = d.incident_key;
COMMENT ON VIEW analyst.incident_numbers IS 'Every display number that leads to an incident, and the one it is shown with now: those that were merged stay as aliases';
GRANT SELECT ON analyst.incident_numbers TO hindcast_correlate, hindcast_responder, hindcast_analyst;

GRANT SELECT, INSERT, UPDATE ON correlate.number_year TO hindcast_correlate;
ALTER TABLE correlate.number_year ENABLE ROW LEVEL SECURITY;
ALTER TABLE correlate.number_year FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON correlate.number_year TO hindcast_correlate USING (true) WITH CHECK (true);

ALTER TABLE correlate.number FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.incident FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.node FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.entry FORCE ROW LEVEL SECURITY;

RESET ROLE;
