-- Up to $1 rows each of nodes, keys, records and candidates of a set that nobody reads any more; how many went.
WITH left_over AS MATERIALIZED (
    SELECT scope_no FROM correlate.group_left ORDER BY scope_no LIMIT 1 FOR UPDATE SKIP LOCKED
), keys AS (
    DELETE FROM correlate.group_key WHERE ctid = ANY (ARRAY(
        SELECT k.ctid FROM left_over o JOIN correlate.group_key k ON k.scope_no = o.scope_no LIMIT $1::bigint)) RETURNING 1
), records AS (
    DELETE FROM correlate.group_record WHERE ctid = ANY (ARRAY(
        SELECT r.ctid FROM left_over o JOIN correlate.group_record r ON r.scope_no = o.scope_no LIMIT $1::bigint)) RETURNING 1
), nodes AS (
    DELETE FROM correlate.group_node WHERE ctid = ANY (ARRAY(
        SELECT n.ctid FROM left_over o JOIN correlate.group_node n ON n.scope_no = o.scope_no LIMIT $1::bigint)) RETURNING 1
), candidates AS (
    DELETE FROM correlate.group_candidate WHERE ctid = ANY (ARRAY(
        SELECT c.ctid FROM left_over o JOIN correlate.group_candidate c ON c.scope_no = o.scope_no LIMIT $1::bigint)) RETURNING 1
), decisions AS (
    DELETE FROM correlate.group_decision WHERE scope_no IN (SELECT scope_no FROM left_over)
), gone AS (
    SELECT (SELECT count(*) FROM candidates) + (SELECT count(*) FROM keys) + (SELECT count(*) FROM records) + (SELECT count(*) FROM nodes) AS rows
), last AS (
    DELETE FROM correlate.group_left WHERE scope_no IN (SELECT scope_no FROM left_over) AND (SELECT rows FROM gone) = 0 RETURNING 1
)
SELECT rows + (SELECT count(*) FROM last) FROM gone
