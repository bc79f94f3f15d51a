-- The digest of the decoding options that count, if any were applied.
SELECT decoding_digest FROM analyst.decoding WHERE counts
