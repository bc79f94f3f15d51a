-- script: where migrations are recorded; the only tables made outside a migration.
-- Of two that begin at once one fails, once the other is done, and looks again.
DO $$
BEGIN
FOR attempt IN 1 .. 5 LOOP
    EXIT WHEN to_regclass('hindcast.schema_version') IS NOT NULL;
    BEGIN
    CREATE SCHEMA IF NOT EXISTS hindcast;
    CREATE TABLE hindcast.migration (
        version    integer PRIMARY KEY,
        name       text NOT NULL,
        checksum   text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE hindcast.schema_version (
        version        integer NOT NULL,
        oldest_program integer NOT NULL,
        one_row        boolean PRIMARY KEY DEFAULT true CHECK (one_row)
    );
    INSERT INTO hindcast.schema_version (version, oldest_program) VALUES (0, 1);
    COMMENT ON SCHEMA hindcast IS 'Which migrations were applied, and which programs fit';
    COMMENT ON TABLE hindcast.migration IS 'Migrations applied, each once, in order of version';
    COMMENT ON COLUMN hindcast.migration.version IS 'Number of the migration';
    COMMENT ON COLUMN hindcast.migration.name IS 'Its file';
    COMMENT ON COLUMN hindcast.migration.checksum IS 'SHA-256 of the file as applied';
    COMMENT ON COLUMN hindcast.migration.applied_at IS 'When it was applied';
    COMMENT ON TABLE hindcast.schema_version IS 'One row: version of the schema and of the oldest program that fits it';
    COMMENT ON COLUMN hindcast.schema_version.version IS 'Number of the last migration applied; 0: none';
    COMMENT ON COLUMN hindcast.schema_version.oldest_program IS 'Programs that know at least this migration still fit';
    COMMENT ON COLUMN hindcast.schema_version.one_row IS 'Always true: keeps the table at one row';
    GRANT USAGE ON SCHEMA hindcast TO PUBLIC;
    GRANT SELECT ON hindcast.migration, hindcast.schema_version TO PUBLIC;
    EXCEPTION WHEN unique_violation OR duplicate_schema OR duplicate_table THEN
        IF attempt = 5 THEN
            RAISE;
        END IF;
    END;
END LOOP;
END
$$;
