SELECT version, oldest_program FROM hindcast.schema_version
