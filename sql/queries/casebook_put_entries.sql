-- Rows of correlate.entry whose members are named as its columns, so that no list of columns is kept
-- here. Rows that did not change are left alone; the others go before they come, which the count makes
-- sure of, and stay in the next revision as they were. Masked columns are not sent: a trigger computes them for what is inserted.
WITH sent AS MATERIALIZED (
    SELECT r FROM jsonb_populate_recordset(
        jsonb_populate_record(NULL::correlate.entry, jsonb_build_object('scope', $1::text)), $2::jsonb) r
), changed AS MATERIALIZED (
    SELECT s.r, CASE WHEN e.entry_id IS NOT NULL THEN review.entry_was(e) END AS was FROM sent s
    LEFT JOIN correlate.entry e ON e.scope = $1::text AND e.incident_no = (s.r).incident_no
                               AND e.entry_id = (s.r).entry_id
    WHERE e.entry_id IS NULL OR e IS DISTINCT FROM jsonb_populate_record(
        s.r, jsonb_build_object('masked_text', e.masked_text, 'masked_url', e.masked_url))
), next AS MATERIALIZED (
    SELECT n.incident_no, review.next_revision($1::text, n.incident_no) AS revision
    FROM (SELECT DISTINCT (r).incident_no FROM changed) n
), before AS (
    INSERT INTO review.revision_entry (scope, incident_no, revision, entry_id, was)
    SELECT $1::text, n.incident_no, n.revision, (c.r).entry_id, c.was
    FROM changed c JOIN next n ON n.incident_no = (c.r).incident_no
    WHERE n.revision IS NOT NULL AND c.was - 'uid' IS DISTINCT FROM review.entry_was(c.r) - 'uid'
), gone AS (
    DELETE FROM correlate.entry e USING changed c
    WHERE e.scope = $1::text AND e.incident_no = (c.r).incident_no AND e.entry_id = (c.r).entry_id
    RETURNING 1
)
INSERT INTO correlate.entry
SELECT (c.r).* FROM changed c CROSS JOIN (SELECT count(*) FROM gone) g
