-- Whoever may not read text searches its masked form.
SELECT has_schema_privilege('responder', 'USAGE')
