SELECT reason, records, topic, incarnation, partition, record_offset, format_guess, detail
FROM analyst.quarantine_reasons ORDER BY records DESC, reason COLLATE "C"
