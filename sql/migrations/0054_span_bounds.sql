-- The moments of an incident have the bounds of all others that a role may write: what reads them counts on numbers of 64 bits.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE correlate.incident ADD CONSTRAINT plausible_span CHECK (started BETWEEN '1970-01-01 00:00+00' AND '2100-01-01 00:00+00'
    AND ended BETWEEN '1970-01-01 00:00+00' AND '2100-01-01 00:00+00'
    AND state_time BETWEEN '1970-01-01 00:00+00' AND '2100-01-01 00:00+00') NOT VALID;

RESET ROLE;
