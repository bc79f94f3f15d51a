INSERT INTO review.declaration (scope, declaration_id, title, from_time, to_time, service, channel,
                                declared_by)
VALUES ($1::text, $2::text, $3::text, $4::timestamptz, $5::timestamptz, $6::text, $7::text, $8::text)
ON CONFLICT (scope, declaration_id) DO NOTHING
