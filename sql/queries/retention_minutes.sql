-- Counts per minute go with the log lines of their day; counts per topic stay.
DELETE FROM evidence.minute WHERE minute < (current_date - $1::integer)::timestamptz
