-- A user of a tool (record_kind person) is a note, like a record about a file, also to a search.

SET LOCAL ROLE hindcast_owner;

CREATE OR REPLACE FUNCTION analyst.kind_of_record(record_kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE record_kind WHEN 'incident-event' THEN 'alert' WHEN 'status' THEN 'alert'
                            WHEN 'linked_message' THEN 'chat'
                            WHEN 'sal' THEN 'note' WHEN 'manifest' THEN 'note' WHEN 'person' THEN 'note'
                            WHEN 'commit' THEN 'change' WHEN 'merge' THEN 'change' WHEN 'deploy' THEN 'change'
                            ELSE record_kind END
$$;

RESET ROLE;
