-- Nothing is left of a scope: its groups go, which hold text of its records, and what waits.
WITH gone AS MATERIALIZED (SELECT scope_no FROM correlate.group_scope WHERE scope = $1::text),
keys AS (DELETE FROM correlate.group_key k USING gone g WHERE k.scope_no IN (g.scope_no, -g.scope_no)),
records AS (DELETE FROM correlate.group_record r USING gone g WHERE r.scope_no IN (g.scope_no, -g.scope_no)),
candidates AS (DELETE FROM correlate.group_candidate c USING gone g WHERE c.scope_no = g.scope_no),
decisions AS (DELETE FROM correlate.group_decision d USING gone g WHERE d.scope_no = g.scope_no),
nodes AS (DELETE FROM correlate.group_node n USING gone g WHERE n.scope_no IN (g.scope_no, -g.scope_no)),
floods AS (DELETE FROM correlate.group_flood f USING gone g WHERE f.scope_no = g.scope_no)
UPDATE correlate.group_scope s SET config_digest = NULL FROM gone g WHERE s.scope_no = g.scope_no AND s.config_digest IS NOT NULL
