-- Of two decisions that contradict the later one counts: nobody writes one that no clock has reached yet, which would count
-- against all that others decide until then. As far as clocks differ.

SET LOCAL ROLE hindcast_owner;

CREATE FUNCTION review.is_past(content text)
RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((content::jsonb ->> 'at')::timestamptz <= now() + interval '5 minutes', false)
$$;
COMMENT ON FUNCTION review.is_past(text) IS 'True if the time of a decision is not ahead of the clock of the database by more than 5 minutes';
REVOKE ALL ON FUNCTION review.is_past(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION review.is_past(text) TO hindcast_responder, hindcast_scribe;
CREATE POLICY not_ahead_of_the_clock ON review.decision AS RESTRICTIVE FOR INSERT TO hindcast_responder, hindcast_scribe
    WITH CHECK (review.is_past(content));

RESET ROLE;
