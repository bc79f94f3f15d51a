-- That a document was written of an incident ($1, $2: scope and key; $3: which; $4: its form), or of every one that was raised.
INSERT INTO review.document (scope, document, form, digest, members)
SELECT i.scope, $3::text, $4::text, i.digest,
       ARRAY(SELECT m.uid FROM correlate.member m WHERE m.scope = i.scope AND m.incident_no = i.incident_no
             ORDER BY m.uid LIMIT 1000)
FROM correlate.incident i
WHERE CASE WHEN $2::text IS NULL THEN i.raised ELSE i.scope = $1::text AND i.incident_key = $2::text END
  AND EXISTS (SELECT FROM correlate.member m WHERE m.scope = i.scope AND m.incident_no = i.incident_no)
