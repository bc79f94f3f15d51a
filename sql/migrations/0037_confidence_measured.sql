-- Confidence is measured by kind of evidence, and no longer made of the score of the entry.

SET LOCAL ROLE hindcast_owner;

COMMENT ON COLUMN correlate.milestone.confidence IS
    'Per cent: of a hundred moments on such evidence so many were right, as measured';
COMMENT ON COLUMN analyst.milestones.confidence IS
    'Per cent: of a hundred moments on such evidence so many were right, as measured; below 35 unclear; never null';

RESET ROLE;
