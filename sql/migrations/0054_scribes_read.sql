-- A scribe reads what a responder reads: all views, declarations, and which documents were written.

SET LOCAL ROLE hindcast_owner;

GRANT EXECUTE ON FUNCTION ingest.alert_key(text, text, text, text, text, text, text),
    ingest.change_key(text, text, text, uuid) TO hindcast_scribe;
CREATE POLICY scribe_reads ON review.document FOR SELECT TO hindcast_scribe USING (true);
CREATE POLICY scribe_reads ON review.declaration FOR SELECT TO hindcast_scribe USING (true);
GRANT SELECT ON review.document, review.declaration TO hindcast_scribe;

RESET ROLE;
