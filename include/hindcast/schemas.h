/*
 * Schemas of a registry: what values with Confluent's frame (a zero, four bytes of id) are written
 * in, Avro or Protocol Buffers. They lie in a folder as files named by their id: 17.avsc, or
 * 17-orders-value.avsc, for Avro; 18.desc (what `protoc --include_imports --descriptor_set_out`
 * writes) for Protocol Buffers. Values of JSON Schema need none.
 *
 * A value whose schema is not there is quarantined under `schema_registry` with the id; reading
 * stored records again after the file was added reads it.
 */
#ifndef HINDCAST_SCHEMAS_H
#define HINDCAST_SCHEMAS_H

#include <stdbool.h>
#include <stddef.h>

#define SCHEMA_FILE_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define SCHEMAS_MAX 10000

/* Is that how the file of a schema is named? They are read as format_files.h says. */
bool schema_named(const char *name);

#endif
