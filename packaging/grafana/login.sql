-- The login of Grafana: it may ask the views for analysts and nothing else, and no question of a dashboard runs longer
-- than 30 s or with parallel workers. Running it again sets the password anew.
--
--     psql -v login=grafana -v password=... -f packaging/grafana/login.sql

\set ON_ERROR_STOP on
SELECT format('CREATE ROLE %I LOGIN', :'login')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'login', :'password'),
       format('ALTER ROLE %I SET statement_timeout = %L', :'login', '30s'),
       format('ALTER ROLE %I SET max_parallel_workers_per_gather = 0', :'login'),
       format('GRANT hindcast_analyst TO %I', :'login') \gexec
