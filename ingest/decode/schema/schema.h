/*
 * From bytes in the encoding of a schema to JSON, which detection reads like any other. Private to
 * ingest/decode; filled on one thread while nobody decodes, and read by every worker's.
 */
#ifndef INGEST_DECODE_SCHEMA_SCHEMA_H
#define INGEST_DECODE_SCHEMA_SCHEMA_H

#include "base/arena.h"
#include "hindcast/format_files.h"
#include "hindcast/schemas.h"

enum schema_kind { SCHEMA_AVRO, SCHEMA_PROTOBUF };

struct avro_type;
struct proto_file;

struct schema {
    uint32_t id;
    enum schema_kind kind;
    const struct avro_type *avro;
    const struct proto_file *proto;
};

/*
 * Takes the schemas among the files, where there are none yet. A line in `problems` for each that
 * cannot be read: then none counts.
 */
void schemas_use(const struct format_files *files, struct strbuf *problems);
void schemas_forget(void);
/* NULL: not among them. */
const struct schema *schema_find(uint64_t id);

enum schema_result {
    SCHEMA_FINE,
    SCHEMA_DAMAGED,  /* the bytes are not what the schema says */
    SCHEMA_TOO_DEEP, /* beyond JSON_DEPTH_MAX */
    SCHEMA_TOO_LARGE /* as JSON, or in values that take no bytes */
};
/* The JSON of the value (behind the frame) in the arena. */
enum schema_result
schema_read(const struct schema *schema, struct arena *arena, struct sv bytes, struct sv *ret_json);

#endif
