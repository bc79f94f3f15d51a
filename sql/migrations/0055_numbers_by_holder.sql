-- Numbers by what they follow, so that saving a few incidents asks for those of these incidents alone.

SET LOCAL ROLE hindcast_owner;

CREATE INDEX number_held ON correlate.number (scope, held_by) WHERE held_by IS NOT NULL;
CREATE INDEX number_entry ON correlate.number (scope, entry_id);
CREATE INDEX number_record ON correlate.number (scope, right(node_key, 32));
COMMENT ON INDEX correlate.number_held IS 'Numbers that follow a node';
COMMENT ON INDEX correlate.number_entry IS 'The number that was given for an entry';
COMMENT ON INDEX correlate.number_record IS 'The number that was given for a node by its first record';

RESET ROLE;
