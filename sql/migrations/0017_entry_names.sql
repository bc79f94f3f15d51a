-- Entries are named by their event, the kind of its record and its phase, not by what rules say of them.
-- The next run of the correlator names all of them anew, since its settings tell that it does; numbers
-- stay with their nodes and learn the new names then.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE correlate.number NO FORCE ROW LEVEL SECURITY;
UPDATE correlate.number SET entry_id = NULL;
ALTER TABLE correlate.number FORCE ROW LEVEL SECURITY;

RESET ROLE;
