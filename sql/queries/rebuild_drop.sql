-- A rebuild of a scope is given up: the rows of its set go in pieces.
WITH gone AS (
    DELETE FROM correlate.rebuild WHERE scope = $1::text RETURNING scope_no
), again AS (
    DELETE FROM correlate.rebuild_again a USING gone g WHERE a.scope_no = g.scope_no
)
INSERT INTO correlate.group_left (scope_no) SELECT scope_no FROM gone
