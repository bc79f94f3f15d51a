-- The groups that are kept of a scope are not whole any more: it was saved by who does not keep them. All is taken in, nothing waits.
WITH old AS MATERIALIZED (SELECT scope_no FROM correlate.group_scope WHERE scope = $1::text),
floods AS (DELETE FROM correlate.group_flood f USING old o WHERE f.scope_no = o.scope_no RETURNING f.scope_no, f.waiting),
waited AS MATERIALIZED (SELECT DISTINCT -scope_no AS scope_no FROM floods WHERE waiting > 0),
keys AS (DELETE FROM correlate.group_key k USING waited w WHERE k.scope_no = w.scope_no),
records AS (DELETE FROM correlate.group_record r USING waited w WHERE r.scope_no = w.scope_no),
nodes AS (DELETE FROM correlate.group_node n USING waited w WHERE n.scope_no = w.scope_no)
UPDATE correlate.group_scope SET config_digest = NULL WHERE scope = $1::text AND config_digest IS NOT NULL
