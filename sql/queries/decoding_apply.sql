SELECT review.apply_decoding($1::text)
