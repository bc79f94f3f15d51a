-- $2: numbers, as a JSON array, of incidents that become others in a rebuild: their entries before it.
INSERT INTO review.revision_entry (scope, incident_no, revision, entry_id, was)
SELECT $1::text, n.incident_no, n.revision, e.entry_id, review.entry_was(e)
FROM (SELECT r::bigint AS incident_no, review.next_revision($1::text, r::bigint) AS revision
      FROM jsonb_array_elements_text($2::jsonb) r) n
JOIN correlate.entry e ON e.scope = $1::text AND e.incident_no = n.incident_no
WHERE n.revision IS NOT NULL
