-- Rows of correlate.entry whose members are named as its columns, so that no list of columns is kept here.
INSERT INTO correlate.entry
SELECT r.*
FROM jsonb_populate_recordset(
    jsonb_populate_record(NULL::correlate.entry, jsonb_build_object('scope', $1::text)), $2::jsonb) r
