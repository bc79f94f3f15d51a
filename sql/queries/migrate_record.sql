WITH noted AS (
    INSERT INTO hindcast.migration (version, name, checksum) VALUES ($1::integer, $2::text, $3::text)
)
UPDATE hindcast.schema_version
SET version = $1::integer, oldest_program = coalesce($4::integer, oldest_program)
