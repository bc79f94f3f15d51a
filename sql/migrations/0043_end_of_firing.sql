-- What an occurrence of an alert counts is read up to its end, by index. Until now all later records of its series were read
-- and thrown away: a question about every occurrence of an alert cost the square of how often it fired.

SET LOCAL ROLE hindcast_owner;

DO $views$
DECLARE
    schema text;
    before text;
    after  text;
BEGIN
    FOREACH schema IN ARRAY ARRAY['analyst', 'responder'] LOOP
        before := pg_get_viewdef(format('%I.alerts', schema)::regclass);
        after := replace(before, 'b.event_time >= e.event_time',
                         'b.event_time >= e.event_time AND b.event_time <= coalesce(fin.event_time, ''infinity''::timestamptz)');
        IF length(after) - length(before) <> 70 THEN -- once
            RAISE EXCEPTION 'the view %.alerts is not the one that this migration knows', schema;
        END IF;
        EXECUTE format('CREATE OR REPLACE VIEW %I.alerts WITH (security_barrier = true) AS %s', schema, after);
    END LOOP;
END
$views$;

RESET ROLE;
