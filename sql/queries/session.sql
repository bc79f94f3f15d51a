-- script: what every connection starts with, whatever the server's or the user's defaults.
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'iso_8601';
SET bytea_output = 'hex';
SET extra_float_digits = 1;
SET standard_conforming_strings = on;
SET client_min_messages = 'warning';
SET search_path = pg_catalog, pg_temp;
