/*
 * The folder of schemas: see hindcast/schemas.h. Read when the program starts, on one thread. Files
 * are taken in the order of their ids, so that the same folder gives the same digest.
 */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ingest/decode/schema/avro.h"
#include "ingest/decode/schema/proto.h"

static struct {
    struct arena memory; /* as long as the process */
    struct schema *list; /* by id */
    size_t count, room;
    struct sha256 digest;
} schemas;

/* "17.avsc", "17-orders-value.avsc". False: something else, which is nobody's schema. */
static bool
id_of(const char *name, uint32_t *ret_id, enum schema_kind *ret_kind)
{
    struct sv text = sv_from(name);
    bool avro = sv_ends(text, SV(".avsc"));
    bool proto = sv_ends(text, SV(".desc")) || sv_ends(text, SV(".protoset"));
    size_t digits = strspn(name, "0123456789");
    int64_t id;
    if ((!avro && !proto) || digits == 0 || strchr("-_.", name[digits]) == NULL ||
        !sv_to_int64(sv_slice(text, 0, digits), &id) || id > UINT32_MAX)
        return false;
    *ret_id = (uint32_t)id;
    *ret_kind = avro ? SCHEMA_AVRO : SCHEMA_PROTOBUF;
    return true;
}

static int
read_file(const char *path, struct strbuf *text, struct err *err)
{
    char chunk[65536];
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return err_set_errno(err, ERR_IO, errno, "cannot be read");
    for (size_t got; (got = fread(chunk, 1, sizeof(chunk), file)) > 0 && !text->overflow;)
        strbuf_add(text, chunk, got);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed)
        return err_set_errno(err, ERR_IO, errno, "cannot be read");
    return text->overflow ? err_set(err, ERR_LIMIT, "larger than 4 MiB") : 0;
}

static int
compile_avro(struct schema *schema, struct sv text, struct err *err)
{
    json_error_t error;
    json_t *tree = json_loadb(text.ptr, text.len, JSON_DECODE_ANY, &error);
    if (tree == NULL)
        return err_set(err, ERR_CONFIG, "line %d: %s", error.line, error.text);
    /* What the registry's API hands out has the schema as a text. */
    const char *inner = json_string_value(json_object_get(tree, "schema"));
    if (inner != NULL) {
        json_t *own = json_loads(inner, JSON_DECODE_ANY, &error);
        json_decref(tree);
        tree = own;
    }
    schema->avro = tree == NULL ? NULL : avro_compile(&schemas.memory, tree, err);
    if (tree == NULL)
        err_set(err, ERR_CONFIG, "its \"schema\" is not JSON: %s", error.text);
    json_decref(tree);
    return schema->avro == NULL ? -1 : 0;
}

static int
add_schema(const char *folder, const char *name, uint32_t id, enum schema_kind kind,
           struct err *err)
{
    struct schema schema = {.id = id, .kind = kind};
    struct strbuf text;
    char *path = memory_format("%s/%s", folder, name);
    strbuf_init(&text, SCHEMA_FILE_BYTES_MAX);
    int status = schema_find(id) != NULL
                     ? err_set(err, ERR_CONFIG, "there is another file for id %u", id)
                     : read_file(path, &text, err);
    struct sv bytes = strbuf_view(&text);
    if (status == 0 && kind == SCHEMA_AVRO)
        status = compile_avro(&schema, bytes, err);
    if (status == 0 && kind == SCHEMA_PROTOBUF) {
        schema.proto = proto_compile(&schemas.memory, arena_copy(&schemas.memory, bytes), err);
        status = schema.proto == NULL ? -1 : 0;
    }
    if (status == 0) {
        const struct sha256_part parts[] = {{schemas.digest.bytes, sizeof(schemas.digest.bytes)},
                                            {&id, sizeof(id)},
                                            {bytes.ptr, bytes.len}};
        sha256_of_parts(parts, 3, &schemas.digest);
        schemas.list = memory_grow(schemas.list, &schemas.room, schemas.count + 1, sizeof(schema));
        schemas.list[schemas.count++] = schema;
    }
    strbuf_release(&text);
    free(path);
    return status;
}

static int
by_id(const struct dirent **a, const struct dirent **b)
{
    uint32_t first = 0, second = 0;
    enum schema_kind kind;
    (void)id_of((*a)->d_name, &first, &kind);
    (void)id_of((*b)->d_name, &second, &kind);
    return first != second ? (first < second ? -1 : 1) : strcmp((*a)->d_name, (*b)->d_name);
}

static int
named_by_id(const struct dirent *entry)
{
    uint32_t id;
    enum schema_kind kind;
    return id_of(entry->d_name, &id, &kind);
}

int
schemas_add_folder(const char *path, struct strbuf *problems, struct err *err)
{
    struct dirent **entries = NULL;
    int wrong = 0;
    if (path[0] == '\0')
        return 0;
    assert(schemas.count == 0);
    if (schemas.memory.block_bytes == 0)
        arena_init(&schemas.memory, 0);
    int count = scandir(path, &entries, named_by_id, by_id);
    if (count < 0)
        return err_set_errno(err, ERR_CONFIG, errno, "ingest.schemas: cannot read %s", path);
    for (int i = 0; i < count; i++) {
        struct err one = {0};
        uint32_t id = 0;
        enum schema_kind kind = (enum schema_kind)0;
        (void)id_of(entries[i]->d_name, &id, &kind);
        if (i >= (int)SCHEMAS_MAX)
            err_set(&one, ERR_LIMIT, "more than %zu schemas", (size_t)SCHEMAS_MAX);
        if (i >= (int)SCHEMAS_MAX || add_schema(path, entries[i]->d_name, id, kind, &one) != 0) {
            strbuf_addf(problems, "%s/%s: %s\n", path, entries[i]->d_name, one.message);
            wrong++;
        }
        free(entries[i]);
    }
    free(entries);
    if (wrong == 0)
        return 0;
    schemas.count = 0;
    err_set(err, ERR_CONFIG, "ingest.schemas: %d of the schemas in %s cannot be read", wrong, path);
    return -1;
}

void
schemas_digest(struct sha256 *ret_digest)
{
    *ret_digest = schemas.digest;
}

const struct schema *
schema_find(uint64_t id)
{
    size_t from = 0, to = schemas.count;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (schemas.list[middle].id == id)
            return &schemas.list[middle];
        if (schemas.list[middle].id < id)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

enum schema_result
schema_read(const struct schema *schema, struct arena *arena, struct sv bytes, struct sv *ret_json)
{
    struct json_output output;
    json_output_init(&output);
    enum schema_result result = schema->kind == SCHEMA_AVRO
                                    ? avro_read(schema->avro, bytes, &output)
                                    : proto_read(schema->proto, bytes, &output);
    if (result == SCHEMA_FINE && output.text.overflow)
        result = SCHEMA_TOO_LARGE;
    if (result == SCHEMA_FINE)
        *ret_json = arena_copy(arena, strbuf_view(&output.text));
    json_output_release(&output);
    return result;
}
