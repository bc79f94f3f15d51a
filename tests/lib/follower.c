/*
 * Following the stream of changes: see follower.h.
 */
#include "tests/lib/follower.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

void
follower_init(struct follower *follower)
{
    *follower = (struct follower){.cursor = strdup("0")};
}

static void
release_item(struct follower_item *item)
{
    free(item->scope);
    free(item->key);
    strbuf_release(&item->lines);
}

void
follower_release(struct follower *follower)
{
    for (size_t i = 0; i < follower->count; i++)
        release_item(&follower->items[i]);
    free(follower->items);
    free(follower->cursor);
}

static bool
is(const struct follower_item *item, enum item_kind kind, const char *scope, const char *key)
{
    return item->kind == kind && strcmp(item->scope, scope) == 0 &&
           (item->kind == ITEM_SCOPE || strcmp(item->key, key) == 0);
}

static struct follower_item *
find(struct follower *follower, enum item_kind kind, const char *scope, const char *key)
{
    for (size_t i = 0; i < follower->count; i++)
        if (is(&follower->items[i], kind, scope, key))
            return &follower->items[i];
    return NULL;
}

static void
drop(struct follower *follower, enum item_kind kind, const char *scope, const char *key)
{
    struct follower_item *item = find(follower, kind, scope, key);
    if (item == NULL)
        return;
    release_item(item);
    *item = follower->items[--follower->count];
}

static void
begin(struct follower *follower, enum item_kind kind, const char *scope, const char *key)
{
    drop(follower, kind, scope, key);
    if (follower->count == follower->size) {
        follower->size = follower->size * 2 + 64;
        follower->items = realloc(follower->items, follower->size * sizeof(*follower->items));
        assert_non_null(follower->items);
    }
    struct follower_item *item = &follower->items[follower->count++];
    *item = (struct follower_item){
        .kind = kind, .scope = strdup(scope), .key = key == NULL ? NULL : strdup(key)};
    strbuf_init(&item->lines, 0);
}

static void
add(struct follower *follower, enum item_kind kind, const char *scope, const char *key,
    struct sv line)
{
    struct follower_item *item = find(follower, kind, scope, key);
    if (item == NULL)
        fail_msg("no item for " SV_FMT, SV_ARG(line));
    strbuf_add_sv(&item->lines, line);
    strbuf_add_char(&item->lines, '\n');
}

static void
remove_named(struct follower *follower, const char *scope, const char *incident, const char *node)
{
    if (incident != NULL)
        drop(follower, ITEM_INCIDENT, scope, incident);
    else if (node != NULL)
        drop(follower, ITEM_NODE, scope, node);
    else
        drop(follower, ITEM_SCOPE, scope, NULL);
}

/* A node is where it was told last: in an incident or outside of all. */
static void
take_node(struct follower *follower, const char *scope, const char *incident, const char *node,
          struct sv line)
{
    if (incident == NULL) {
        begin(follower, ITEM_NODE, scope, node);
        add(follower, ITEM_NODE, scope, node, line);
        return;
    }
    drop(follower, ITEM_NODE, scope, node);
    add(follower, ITEM_INCIDENT, scope, incident, line);
}

static const char *
member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void
take_object(struct follower *follower, const json_t *object, struct sv line)
{
    const char *kind = member(object, "line"), *scope = member(object, "scope");
    const char *incident = member(object, "incident_key"), *node = member(object, "node_key");
    assert_non_null(kind);
    assert_non_null(scope);
    follower->applied++;
    if (strcmp(kind, "removed") == 0) {
        remove_named(follower, scope, incident, node);
    } else if (strcmp(kind, "scope") == 0) {
        begin(follower, ITEM_SCOPE, scope, NULL);
        add(follower, ITEM_SCOPE, scope, NULL, line);
    } else if (strcmp(kind, "node") == 0) {
        take_node(follower, scope, incident, node, line);
    } else {
        if (strcmp(kind, "incident") == 0)
            begin(follower, ITEM_INCIDENT, scope, incident);
        add(follower, ITEM_INCIDENT, scope, incident, line);
    }
}

/* True if it was the line of the cursor. */
static bool
take_line(struct follower *follower, struct sv line)
{
    json_t *object = json_loadb(line.ptr, line.len, 0, NULL);
    assert_non_null(object);
    const char *cursor = member(object, "cursor");
    if (cursor != NULL) {
        free(follower->cursor);
        follower->cursor = strdup(cursor);
    } else {
        take_object(follower, object, line);
    }
    bool last = cursor != NULL;
    json_decref(object);
    return last;
}

void
follower_apply(struct follower *follower, struct sv stream)
{
    bool ended = false;
    follower->applied = 0;
    while (stream.len > 0) {
        size_t end = sv_find_char(stream, '\n');
        assert_true(end != SIZE_MAX);
        assert_false(ended);
        ended = take_line(follower, sv_slice(stream, 0, end));
        stream = sv_slice(stream, end + 1, stream.len);
    }
    assert_true(ended);
}

static int
in_order(const void *a, const void *b)
{
    const struct follower_item *one = a, *two = b;
    int order = strcmp(one->scope, two->scope);
    if (order == 0)
        order = (int)one->kind - (int)two->kind;
    return order != 0 || one->key == NULL ? order : strcmp(one->key, two->key);
}

void
follower_print(struct follower *follower, struct strbuf *out)
{
    if (follower->count > 0)
        qsort(follower->items, follower->count, sizeof(follower->items[0]), in_order);
    for (size_t i = 0; i < follower->count; i++)
        strbuf_add_sv(out, strbuf_view(&follower->items[i].lines));
}
