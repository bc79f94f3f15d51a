-- One change is told by one entry: the others of its chain (commit, merge, pipeline, deployment, announcement) name it.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE correlate.entry ADD COLUMN told text, ADD COLUMN chain text;
COMMENT ON COLUMN correlate.entry.told IS
    'What was done, in words, out of all records of one change; null where no other record tells of it, and at entries that name another one in chain';
COMMENT ON COLUMN correlate.entry.chain IS
    'The entry that tells of the change that this one belongs to; null where there is none or it is this one';

RESET ROLE;
