SELECT version, name, checksum FROM hindcast.migration ORDER BY version
