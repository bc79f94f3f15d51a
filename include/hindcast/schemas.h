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

#include "base/err.h"
#include "base/sha256.h"
#include "base/strbuf.h"

#define SCHEMA_FILE_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define SCHEMAS_MAX 10000

/*
 * Reads the schemas of the folder; "": none. Before the first record is decoded, on one thread;
 * they live as long as the process. -1 with err, and a line in `problems` for each file that cannot
 * be read: then none counts.
 */
int schemas_add_folder(const char *path, struct strbuf *problems, struct err *err) MUST_CHECK;
/* SHA-256 over all schemas: what they are in common with, decodes framed values alike. */
void schemas_digest(struct sha256 *ret_digest);

#endif
