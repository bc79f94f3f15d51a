-- Where each scope stands: number and lineage of its last publication. $1: what a reader has seen, a JSON
-- array of {scope, seen, lineage}; known: it is a publication of this database, and what was removed after
-- it is still known. A scope that only the reader has is not known.
SELECT coalesce(p.scope, s.scope) AS scope, coalesce(p.last, 0),
       (SELECT l.token FROM correlate.lineage l WHERE l.scope = p.scope
        ORDER BY l.first DESC LIMIT 1) AS lineage,
       s.scope IS NULL OR coalesce(s.seen BETWEEN p.forgotten AND p.last AND s.lineage =
           (SELECT l.token FROM correlate.lineage l WHERE l.scope = p.scope AND l.first <= s.seen
            ORDER BY l.first DESC LIMIT 1), false) AS known
FROM correlate.publication p
FULL JOIN jsonb_to_recordset($1::jsonb) AS s(scope text, seen bigint, lineage text) ON s.scope = p.scope
ORDER BY coalesce(p.scope, s.scope) COLLATE "C"
