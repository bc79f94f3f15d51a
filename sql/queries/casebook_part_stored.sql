-- The same as casebook_digests.sql of the incidents with these keys ($2, a JSON array) alone.
SELECT i.incident_key, encode(i.digest, 'hex'), coalesce(encode(i.member_digest, 'hex'), ''), i.incident_no
FROM (SELECT DISTINCT k FROM jsonb_array_elements_text($2::jsonb) k) asked
CROSS JOIN LATERAL (SELECT x.* FROM correlate.incident x
                    WHERE x.scope = $1::text AND x.incident_key = asked.k OFFSET 0) i
ORDER BY i.incident_key COLLATE "C"
