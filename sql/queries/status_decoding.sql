-- The decoding options that count, without their text, and who uses them.
SELECT decoding_digest, applied_at, applied_by, partitions, partitions_behind
FROM analyst.decoding_use
