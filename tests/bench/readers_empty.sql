-- Takes away what the ingest of the benchmark of readers wrote, and leaves what readers ask.
SELECT 'TRUNCATE evidence.segment' UNION ALL
SELECT 'TRUNCATE ' || name FROM evidence.partition WHERE parent = 'ingest.log' AND lo >= '2026-01-01' \gexec
DELETE FROM evidence.batch WHERE stream_id <> 1;
DELETE FROM evidence.delta WHERE stream_id <> 1;
DELETE FROM evidence.reading WHERE stream_id <> 1;
DELETE FROM evidence.minute WHERE minute >= '2026-01-01';
DELETE FROM evidence.stream WHERE stream_id <> 1;
