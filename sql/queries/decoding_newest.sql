-- The decoding options that count, if any were applied.
SELECT decoding_no, decoding_digest, content, applied_at, applied_by
FROM analyst.decoding WHERE counts
