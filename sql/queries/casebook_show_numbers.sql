-- Each incident shows the smallest number of its nodes.
UPDATE correlate.incident i SET number = s.name
FROM correlate.incident x
LEFT JOIN (SELECT DISTINCT ON (d.incident_no) d.incident_no, n.name
           FROM correlate.number n
           JOIN correlate.node d ON d.scope = n.scope AND d.node_key = coalesce(n.held_by, n.node_key)
           WHERE n.scope = $1::text AND d.incident_no IS NOT NULL
           ORDER BY d.incident_no, n.year, n.number) s ON s.incident_no = x.incident_no
WHERE x.scope = $1::text AND i.scope = x.scope AND i.incident_no = x.incident_no
  AND i.number IS DISTINCT FROM s.name
