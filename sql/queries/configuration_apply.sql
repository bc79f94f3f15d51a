-- $3: only after this one, 0: only as the first; NULL: after any.
SELECT review.apply_configuration($1::text, $2::integer, $3::bigint)
