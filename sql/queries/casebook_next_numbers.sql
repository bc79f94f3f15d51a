-- Internal numbers for new incidents.
SELECT nextval('correlate.incident_no') FROM generate_series(1, $1::bigint)
