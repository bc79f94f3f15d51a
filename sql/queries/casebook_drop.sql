-- Everything derived but the display numbers.
WITH entries AS (DELETE FROM correlate.entry),
     milestones AS (DELETE FROM correlate.milestone),
     incidents AS (DELETE FROM correlate.incident),
     deliveries AS (DELETE FROM correlate.delivery),
     cursors AS (DELETE FROM correlate.cursor)
DELETE FROM correlate.node
