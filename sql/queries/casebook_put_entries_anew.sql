-- Rows of correlate.entry whose members are named as its columns, where none are left (casebook_drop.sql). Masked
-- columns are not sent: a trigger computes them for what is inserted.
INSERT INTO correlate.entry
SELECT r.* FROM jsonb_populate_recordset(
    jsonb_populate_record(NULL::correlate.entry, jsonb_build_object('scope', $1::text)), $2::jsonb) r
