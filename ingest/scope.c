/*
 * Scopes of events: see scope.h.
 */
#include "ingest/scope.h"

#include <stddef.h>
#include <string.h>

#include "ingest/parse/json_walk.h"

#define BY_HEADER SV("header:")
#define BY_FIELD SV("field:")
#define BY_ATTRIBUTE SV("attribute:")

static const struct scope_field {
    const char *name;
    size_t offset;
} scope_fields[] = {
    {"service", offsetof(struct event, service)},
    {"environment", offsetof(struct event, environment)},
    {"host", offsetof(struct event, host)},
    {"source", offsetof(struct event, source)},
    {"channel", offsetof(struct event, channel)},
    {"actor", offsetof(struct event, actor)},
};

static const struct scope_field *
field_named(struct sv name)
{
    for (size_t i = 0; i < sizeof(scope_fields) / sizeof(scope_fields[0]); i++)
        if (sv_eq(name, sv_from(scope_fields[i].name)))
            return &scope_fields[i];
    return NULL;
}

static bool
takes(struct sv how, struct sv prefix, struct sv *ret_name)
{
    if (!sv_starts(how, prefix))
        return false;
    *ret_name = sv_slice(how, prefix.len, how.len);
    return true;
}

/* The next word of a list that commas and blanks separate. */
static bool
next_scope(struct sv *rest, struct sv *ret_word)
{
    size_t from = 0, to;
    while (from < rest->len && (sv_blank(rest->ptr[from]) || rest->ptr[from] == ','))
        from++;
    for (to = from; to < rest->len && !sv_blank(rest->ptr[to]) && rest->ptr[to] != ',';)
        to++;
    *ret_word = sv_slice(*rest, from, to);
    *rest = sv_slice(*rest, to, rest->len);
    return ret_word->len > 0;
}

static bool
is_allowed(struct sv scopes, struct sv scope)
{
    struct sv word;
    while (next_scope(&scopes, &word))
        if (sv_eq(word, scope))
            return true;
    return false;
}

/* "tenant", or below objects: "resource.tenant"; a name that holds dots comes first. */
static struct sv
attribute_of(struct arena *arena, struct sv object, struct sv path)
{
    struct sv key, name = path;
    for (;;) {
        struct json_walk walk = json_walk_of(object);
        size_t dot = sv_find_char(path, '.');
        struct sv below = SV_NONE;
        if (!json_walk_enter(&walk, '{'))
            return SV_NONE;
        if (dot != SIZE_MAX)
            name = sv_slice(path, 0, dot);
        while (json_walk_key(&walk, &key)) {
            if (sv_eq(key, path))
                return json_walk_text(arena, &walk);
            struct sv value = json_walk_take(&walk);
            if (dot != SIZE_MAX && sv_eq(key, name))
                below = value;
        }
        if (dot == SIZE_MAX || sv_empty(below))
            return SV_NONE;
        object = below;
        path = sv_slice(path, dot + 1, path.len);
    }
}

static struct sv
named_scope(const struct record *record, struct sv how, struct arena *arena,
            const struct event *event)
{
    struct sv name;
    if (takes(how, BY_HEADER, &name))
        return record->header_count == 0 ? SV_NONE : record_header_among(record, name);
    if (takes(how, BY_ATTRIBUTE, &name))
        return attribute_of(arena, event->attributes, name);
    const struct scope_field *field = takes(how, BY_FIELD, &name) ? field_named(name) : NULL;
    struct sv value = SV_NONE;
    if (field != NULL)
        memcpy(&value, (const char *)event + field->offset, sizeof(value));
    return value;
}

bool
scope_of_event(const struct record *record, const struct decode_options *options,
               struct arena *arena, const struct event *event, struct sv *ret_scope,
               struct sv *ret_detail)
{
    *ret_scope = sv_empty(options->scope) ? SV("default") : options->scope;
    if (sv_empty(options->scope_by))
        return true;
    struct sv scope = sv_trim(named_scope(record, options->scope_by, arena, event));
    if (!sv_empty(scope) && is_allowed(options->scopes, scope)) {
        *ret_scope = scope;
        return true;
    }
    /* What the loader says of a file belongs to whoever reads it. */
    if (event->record_kind == RECORD_MANIFEST)
        return true;
    *ret_detail = sv_empty(scope) ? SV("it names no scope where ingest.scope_by looks")
                                  : SV("the scope that it names is not in ingest.scopes");
    return false;
}

static int
bad_way(struct sv how, struct err *err)
{
    err_set(err, ERR_CONFIG, "'" SV_FMT "' does not say where a scope is named", SV_ARG(how));
    return err_hint(err, "write header:NAME, attribute:NAME, or field: with service, environment, "
                         "host, source, channel or actor");
}

int
scope_options_check(const struct decode_options *options, struct err *err)
{
    struct sv name = SV_NONE, rest = options->scopes, word, how = options->scope_by;
    if (sv_empty(how))
        return 0;
    bool header = takes(how, BY_HEADER, &name);
    bool field = !header && takes(how, BY_FIELD, &name);
    if (!header && !field)
        (void)takes(how, BY_ATTRIBUTE, &name);
    if (sv_empty(name) || (field && field_named(name) == NULL))
        return bad_way(how, err);
    if (header && options->ignore_headers)
        return err_set(err, ERR_CONFIG, "a header cannot name the scope: headers are not read");
    size_t count = 0;
    for (; next_scope(&rest, &word); count++)
        if (word.len > FIELD_BYTES_MAX)
            return err_set(err, ERR_CONFIG, "a scope in 'scopes' is longer than %zu bytes",
                           (size_t)FIELD_BYTES_MAX);
    if (count > 0)
        return 0;
    err_set(err, ERR_CONFIG, "'scopes' is empty: no record would belong anywhere");
    return err_hint(err, "list the scopes that records may name");
}
