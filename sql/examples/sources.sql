SELECT source, record_kind, entries, records, assumed_times
FROM analyst.sources WHERE incident = 'INC-2026-0002' ORDER BY source, record_kind;
