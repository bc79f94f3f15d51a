-- What lies around incidents, asked of the rows that groups are kept in: changes of a day, hours in which anything happened, log lines
-- of a source, alerts before. Rows of before are made anew: they are none that a command wrote.

SET LOCAL ROLE hindcast_owner;

DELETE FROM correlate.group_key;
DELETE FROM correlate.group_record;
DELETE FROM correlate.group_node;
UPDATE correlate.group_scope SET config_digest = NULL;

ALTER TABLE correlate.group_node ADD COLUMN change boolean NOT NULL;
COMMENT ON COLUMN correlate.group_node.change IS 'It is a change';
CREATE INDEX group_node_change ON correlate.group_node (scope_no, first_ms, source, uid) WHERE change;
CREATE INDEX group_node_alert ON correlate.group_node (scope_no, first_ms, source, uid) WHERE alert;

ALTER TABLE correlate.group_record ADD COLUMN occurs boolean NOT NULL, ADD COLUMN lines bytea,
    ADD CONSTRAINT plausible_lines CHECK (octet_length(lines) = 16);
COMMENT ON COLUMN correlate.group_record.occurs IS 'It is of something that happened; else a declaration';
COMMENT ON COLUMN correlate.group_record.lines IS 'Of a log line of WARN or worse: digest of source and service; else null';
CREATE INDEX group_record_time ON correlate.group_record (scope_no, ms) WHERE occurs;
CREATE INDEX group_record_lines ON correlate.group_record (scope_no, lines, ms) WHERE lines IS NOT NULL;

RESET ROLE;
