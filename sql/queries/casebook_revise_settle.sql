-- $2: numbers, as a JSON array, of incidents that a rebuild made others: what it left as it was is not noted.
SELECT review.settle_revision($1::text, r::bigint) FROM jsonb_array_elements_text($2::jsonb) r
