/*
 * Schemas of Avro: see avro.h. Compiled when the program starts, on one thread. A name may be used
 * before what it names is complete (a record that holds itself), so types are made first and filled
 * in then.
 */
#include <assert.h>

#include "ingest/decode/schema/avro.h"

#define NAMES_MAX 4096
#define DEPTH_MAX 64 /* of a schema's own nesting */

struct compiling {
    struct arena *arena;
    struct avro_type *named[NAMES_MAX];
    size_t count;
    int depth;
    struct err *err;
};

static const struct avro_type *compile(struct compiling *in, const json_t *schema, struct sv space);

static const struct avro_type primitives[] = {
    {.kind = AVRO_NULL},  {.kind = AVRO_BOOLEAN}, {.kind = AVRO_INT},   {.kind = AVRO_LONG},
    {.kind = AVRO_FLOAT}, {.kind = AVRO_DOUBLE},  {.kind = AVRO_BYTES}, {.kind = AVRO_STRING},
};
static const char *const primitive_names[] = {"null",  "boolean", "int",   "long",
                                              "float", "double",  "bytes", "string"};

static struct sv
text_of(const json_t *object, const char *key)
{
    return sv_from(json_string_value(json_object_get(object, key)));
}

static struct sv
full_name(struct arena *arena, struct sv name, struct sv space)
{
    if (sv_find_char(name, '.') != SIZE_MAX || sv_empty(space))
        return arena_copy(arena, name);
    return arena_printf(arena, SV_FMT "." SV_FMT, SV_ARG(space), SV_ARG(name));
}

static struct sv
space_of(struct sv name)
{
    size_t len = name.len;
    while (len > 0 && name.ptr[len - 1] != '.')
        len--;
    return sv_slice(name, 0, len == 0 ? 0 : len - 1);
}

static const struct avro_type *
fail(const struct compiling *in, const char *what, struct sv name)
{
    err_set(in->err, ERR_CONFIG, "%s '" SV_FMT "'", what, SV_ARG(name));
    return NULL;
}

static const struct avro_type *
find_named(const struct compiling *in, struct sv name, struct sv space)
{
    struct sv full = full_name(in->arena, name, space);
    for (size_t i = 0; i < in->count; i++)
        if (sv_eq(in->named[i]->name, full) || sv_eq(in->named[i]->name, name))
            return in->named[i];
    return NULL;
}

static const struct avro_type *
compile_name(const struct compiling *in, struct sv name, struct sv space)
{
    for (size_t i = 0; i < sizeof(primitives) / sizeof(primitives[0]); i++)
        if (sv_eq(name, sv_from(primitive_names[i])))
            return &primitives[i];
    const struct avro_type *found = find_named(in, name, space);
    return found != NULL ? found : fail(in, "the schema has no type", name);
}

static const struct avro_type *
compile_union(struct compiling *in, const json_t *branches, struct sv space)
{
    struct avro_type *type = ARENA_NEW(in->arena, struct avro_type);
    type->kind = AVRO_UNION;
    type->count = json_array_size(branches);
    type->fields = ARENA_ARRAY(in->arena, struct avro_field, type->count + 1);
    for (size_t i = 0; i < type->count; i++) {
        type->fields[i].type = compile(in, json_array_get(branches, i), space);
        if (type->fields[i].type == NULL)
            return NULL;
    }
    return type->count > 0 ? type : fail(in, "a union without branches in", space);
}

/* A record, enum or fixed that others may name. */
static struct avro_type *
new_named(struct compiling *in, enum avro_kind kind, const json_t *schema, struct sv space)
{
    struct sv name = text_of(schema, "name"), own = text_of(schema, "namespace");
    if (sv_empty(name) || in->count == NAMES_MAX) {
        fail(in, sv_empty(name) ? "a type without a name in" : "more names than the limit in",
             space);
        return NULL;
    }
    struct avro_type *type = ARENA_NEW(in->arena, struct avro_type);
    type->kind = kind;
    type->name = full_name(in->arena, name, own.ptr != NULL ? own : space);
    in->named[in->count++] = type;
    return type;
}

static const struct avro_type *
compile_record(struct compiling *in, const json_t *schema, struct sv space)
{
    const json_t *fields = json_object_get(schema, "fields");
    struct avro_type *type = new_named(in, AVRO_RECORD, schema, space);
    if (type == NULL)
        return NULL;
    type->count = json_array_size(fields);
    type->fields = ARENA_ARRAY(in->arena, struct avro_field, type->count + 1);
    for (size_t i = 0; i < type->count; i++) {
        const json_t *field = json_array_get(fields, i);
        type->fields[i].name = arena_copy(in->arena, text_of(field, "name"));
        type->fields[i].type = compile(in, json_object_get(field, "type"), space_of(type->name));
        if (type->fields[i].type == NULL)
            return NULL;
        if (sv_empty(type->fields[i].name))
            return fail(in, "a field without a name in", type->name);
    }
    return type;
}

static const struct avro_type *
compile_enum(struct compiling *in, const json_t *schema, struct sv space)
{
    const json_t *symbols = json_object_get(schema, "symbols");
    struct avro_type *type = new_named(in, AVRO_ENUM, schema, space);
    if (type == NULL)
        return NULL;
    type->count = json_array_size(symbols);
    type->symbols = ARENA_ARRAY(in->arena, struct sv, type->count + 1);
    for (size_t i = 0; i < type->count; i++)
        type->symbols[i] =
            arena_copy(in->arena, sv_from(json_string_value(json_array_get(symbols, i))));
    return type;
}

static const struct avro_type *
compile_fixed(struct compiling *in, const json_t *schema, struct sv space)
{
    json_int_t size = json_integer_value(json_object_get(schema, "size"));
    struct avro_type *type = new_named(in, AVRO_FIXED, schema, space);
    if (type == NULL)
        return NULL;
    if (size < 0 || size > (json_int_t)SCHEMA_FILE_BYTES_MAX)
        return fail(in, "a fixed of no possible size:", type->name);
    type->size = (size_t)size;
    return type;
}

static const struct avro_type *
compile_many(struct compiling *in, enum avro_kind kind, const json_t *inside, struct sv space)
{
    struct avro_type *type = ARENA_NEW(in->arena, struct avro_type);
    type->kind = kind;
    type->inside = compile(in, inside, space);
    return type->inside == NULL ? NULL : type;
}

/* Only what changes how a value is shown; times stay numbers, whose unit their size tells. */
static const struct avro_type *
with_logical(struct compiling *in, const struct avro_type *type, const json_t *schema)
{
    struct sv word = text_of(schema, "logicalType");
    bool decimal =
        sv_eq(word, SV("decimal")) && (type->kind == AVRO_BYTES || type->kind == AVRO_FIXED);
    bool date = sv_eq(word, SV("date")) && type->kind == AVRO_INT;
    json_int_t scale = json_integer_value(json_object_get(schema, "scale"));
    if ((!decimal && !date) || scale < 0 || scale > 100)
        return type;
    struct avro_type *own = ARENA_NEW(in->arena, struct avro_type);
    *own = *type;
    own->logical = decimal ? AVRO_DECIMAL : AVRO_DATE;
    own->scale = (int)scale;
    return own;
}

static const struct avro_type *
compile_object(struct compiling *in, const json_t *schema, struct sv space)
{
    const json_t *what = json_object_get(schema, "type");
    struct sv word = sv_from(json_string_value(what));
    if (json_is_object(what) || json_is_array(what))
        return compile(in, what, space);
    if (sv_eq(word, SV("record")) || sv_eq(word, SV("error")))
        return compile_record(in, schema, space);
    if (sv_eq(word, SV("enum")))
        return compile_enum(in, schema, space);
    if (sv_eq(word, SV("array")))
        return compile_many(in, AVRO_ARRAY, json_object_get(schema, "items"), space);
    if (sv_eq(word, SV("map")))
        return compile_many(in, AVRO_MAP, json_object_get(schema, "values"), space);
    const struct avro_type *type =
        sv_eq(word, SV("fixed")) ? compile_fixed(in, schema, space) : compile_name(in, word, space);
    return type == NULL ? NULL : with_logical(in, type, schema);
}

static const struct avro_type *
compile(struct compiling *in, const json_t *schema, struct sv space)
{
    const struct avro_type *type = NULL;
    if (++in->depth > DEPTH_MAX)
        return fail(in, "the schema is nested too deep in", space);
    if (json_is_string(schema))
        type = compile_name(in, sv_from(json_string_value(schema)), space);
    else if (json_is_array(schema))
        type = compile_union(in, schema, space);
    else if (json_is_object(schema))
        type = compile_object(in, schema, space);
    else
        fail(in, "the schema lacks a type in", space);
    in->depth--;
    return type;
}

const struct avro_type *
avro_compile(struct arena *arena, const json_t *schema, struct err *err)
{
    assert(arena != NULL);
    struct compiling *in = ARENA_NEW(arena, struct compiling);
    in->arena = arena;
    in->err = err;
    return compile(in, schema, SV(""));
}
