/*
 * The schemas in use: see schema.h. Files are taken in the order of their ids.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ingest/decode/schema/avro.h"
#include "ingest/decode/schema/proto.h"

static struct {
    struct arena memory; /* as long as they are in use */
    struct schema *list; /* by id */
    size_t count, room;
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
add_schema(const struct format_file *file, struct err *err)
{
    struct schema schema = {.id = 0};
    (void)id_of(file->name, &schema.id, &schema.kind);
    if (schemas.count == SCHEMAS_MAX)
        return err_set(err, ERR_LIMIT, "more than %zu schemas", (size_t)SCHEMAS_MAX);
    if (schema_find(schema.id) != NULL)
        return err_set(err, ERR_CONFIG, "there is another file for id %u", schema.id);
    int status = 0;
    if (schema.kind == SCHEMA_AVRO) {
        status = compile_avro(&schema, file->text, err);
    } else {
        schema.proto = proto_compile(&schemas.memory, arena_copy(&schemas.memory, file->text), err);
        status = schema.proto == NULL ? -1 : 0;
    }
    if (status != 0)
        return -1;
    schemas.list = memory_grow(schemas.list, &schemas.room, schemas.count + 1, sizeof(schema));
    schemas.list[schemas.count++] = schema;
    return 0;
}

static int
by_id(const void *a, const void *b)
{
    const struct format_file *const *left = a, *const *right = b;
    uint32_t first = 0, second = 0;
    enum schema_kind kind;
    (void)id_of((*left)->name, &first, &kind);
    (void)id_of((*right)->name, &second, &kind);
    return first != second ? (first < second ? -1 : 1) : strcmp((*left)->name, (*right)->name);
}

bool
schema_named(const char *name)
{
    uint32_t id;
    enum schema_kind kind;
    return id_of(name, &id, &kind);
}

void
schemas_use(const struct format_files *files, struct strbuf *problems)
{
    const struct format_file **own = memory_calloc(files->count + 1, sizeof(struct format_file *));
    size_t count = 0;
    bool wrong = false;
    assert(schemas.count == 0);
    if (schemas.memory.block_bytes == 0)
        arena_init(&schemas.memory, 0);
    for (size_t i = 0; i < files->count; i++)
        if (files->list[i].kind == FORMAT_FILE_SCHEMA)
            own[count++] = &files->list[i];
    qsort(own, count, sizeof(struct format_file *), by_id);
    for (size_t i = 0; i < count; i++) {
        struct err err = {0};
        if (add_schema(own[i], &err) == 0)
            continue;
        strbuf_addf(problems, "%s: %s\n", own[i]->path, err.message);
        wrong = true;
    }
    free(own);
    if (wrong)
        schemas_forget();
}

void
schemas_forget(void)
{
    schemas.count = 0;
    if (schemas.memory.block_bytes != 0)
        arena_release(&schemas.memory);
    schemas.memory = (struct arena){.block_bytes = 0};
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
