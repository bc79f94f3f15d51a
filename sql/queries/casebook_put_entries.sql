-- Rows of correlate.entry whose members are named as its columns, so that no list of columns is kept
-- here. Rows that did not change are left alone; the others go before they come, which the count makes
-- sure of, and stay in the next revision as they were. Masked columns are not sent: a trigger computes them for what is inserted.
WITH sent AS MATERIALIZED (
    SELECT r FROM jsonb_populate_recordset(
        jsonb_populate_record(NULL::correlate.entry, jsonb_build_object('scope', $1::text)), $2::jsonb) r
), changed AS MATERIALIZED (
    SELECT s.r, e.at, CASE WHEN e.at IS NOT NULL THEN review.entry_was(e.is) END AS was FROM sent s
    LEFT JOIN LATERAL (SELECT x.ctid AS at, x AS is FROM correlate.entry x
                       WHERE x.scope = $1::text AND x.incident_no = (s.r).incident_no
                         AND x.entry_id = (s.r).entry_id OFFSET 0) e ON true
    WHERE e.at IS NULL OR e.is IS DISTINCT FROM jsonb_populate_record(
        s.r, jsonb_build_object('masked_text', (e.is).masked_text, 'masked_url', (e.is).masked_url))
), next AS MATERIALIZED (
    SELECT n.incident_no, review.next_revision($1::text, n.incident_no) AS revision
    FROM (SELECT DISTINCT (r).incident_no FROM changed) n
), before AS (
    INSERT INTO review.revision_entry (scope, incident_no, revision, entry_id, was)
    SELECT $1::text, n.incident_no, n.revision, (c.r).entry_id, c.was
    FROM changed c JOIN next n ON n.incident_no = (c.r).incident_no
    WHERE n.revision IS NOT NULL AND c.was - 'uid' IS DISTINCT FROM review.entry_was(c.r) - 'uid'
), gone AS (
    DELETE FROM correlate.entry e USING changed c WHERE e.ctid = c.at
    RETURNING 1
)
INSERT INTO correlate.entry
SELECT (c.r).* FROM changed c CROSS JOIN (SELECT count(*) FROM gone) g
