-- One migration at a time in a database, until the transaction ends: readers of the row go on, and
-- nobody but the owner may lock it.
SELECT version, oldest_program FROM hindcast.schema_version FOR UPDATE
