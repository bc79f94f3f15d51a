-- $2: the keys that exist now, as a JSON array.
DELETE FROM correlate.node
WHERE scope = $1::text AND node_key NOT IN (SELECT jsonb_array_elements_text($2::jsonb))
