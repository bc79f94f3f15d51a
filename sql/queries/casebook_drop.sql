-- Everything derived of a scope but its display numbers, before all of it is written anew in the same
-- transaction. Rows alone: readers go on with what they see, and nothing waits.
WITH entries AS (DELETE FROM correlate.entry WHERE scope = $1::text),
     members AS (DELETE FROM correlate.member WHERE scope = $1::text),
     milestones AS (DELETE FROM correlate.milestone WHERE scope = $1::text),
     incidents AS (DELETE FROM correlate.incident WHERE scope = $1::text),
     deliveries AS (DELETE FROM correlate.delivery WHERE scope = $1::text),
     cursors AS (DELETE FROM correlate.cursor WHERE scope = $1::text)
DELETE FROM correlate.node WHERE scope = $1::text
