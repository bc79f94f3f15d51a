-- $2: numbers, as a JSON array, of incidents whose entries casebook_revise_before.sql noted: what the rebuild added.
WITH next AS MATERIALIZED (
    SELECT r::bigint AS incident_no, review.next_revision($1::text, r::bigint) AS revision
    FROM jsonb_array_elements_text($2::jsonb) r
)
INSERT INTO review.revision_entry (scope, incident_no, revision, entry_id, was)
SELECT $1::text, n.incident_no, n.revision, e.entry_id, NULL
FROM next n JOIN correlate.entry e ON e.scope = $1::text AND e.incident_no = n.incident_no
WHERE n.revision IS NOT NULL
  AND NOT EXISTS (SELECT FROM review.revision_entry v
                  WHERE v.scope = $1::text AND v.incident_no = n.incident_no AND v.revision = n.revision
                    AND v.entry_id = e.entry_id)
