-- as hindcast_correlate
SELECT reason, records, format_guess FROM analyst.quarantine_reasons ORDER BY reason;
