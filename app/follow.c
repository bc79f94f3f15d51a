/*
 * Printing what changed: see follow.h. One incident at a time is in memory.
 */
#include "app/follow.h"

#include "app/output.h"
#include "app/since_file.h"
#include "base/text/json_writer.h"
#include "hindcast/casebook.h"
#include "hindcast/changes.h"

struct following {
    struct store *store;
    struct strbuf out; /* what is not printed yet */
};

static int
flush(struct following *following, struct err *err)
{
    int status = output_buffer(&following->out, "what changed", err);
    strbuf_clear(&following->out);
    return status;
}

/* `member`: "incident_key", "node_key"; NULL: the scope itself. */
static void
add_removed(struct strbuf *out, struct sv scope, const char *member, struct sv key)
{
    bool node = member != NULL && sv_eq(sv_from(member), SV("node_key"));
    strbuf_add_char(out, '{');
    if (member != NULL && !node)
        json_put(out, member, key);
    json_put(out, "line", SV("removed"));
    if (node)
        json_put(out, member, key);
    json_put(out, "scope", scope);
    strbuf_add_text(out, "}\n");
}

static void
add_scope(struct strbuf *out, const struct scope_changes *changes)
{
    if (!changes->configured)
        return;
    if (sv_empty(changes->config_digest))
        add_removed(out, changes->scope, NULL, SV_NONE);
    else
        casebook_canonical_scope(changes->scope, changes->config_digest, out);
}

static int
print_incident(struct following *following, const struct stored_incident *head, struct err *err)
{
    struct arena arena;
    struct stored_incident whole;
    arena_init(&arena, 0);
    int status = casebook_whole(following->store, &arena, head, &whole, err);
    if (status == 0) {
        casebook_canonical_incident(head->scope, &whole.incident, &following->out);
        status = flush(following, err);
    }
    arena_release(&arena);
    return status;
}

static int
print_scope(struct following *following, const struct scope_changes *changes, struct err *err)
{
    struct strbuf *out = &following->out;
    add_scope(out, changes);
    for (size_t i = 0; i < changes->removed_incident_count; i++)
        add_removed(out, changes->scope, "incident_key", changes->removed_incidents[i]);
    for (size_t i = 0; i < changes->removed_node_count; i++)
        add_removed(out, changes->scope, "node_key", changes->removed_nodes[i]);
    int status = flush(following, err);
    for (size_t i = 0; i < changes->head_count && status == 0 && !output_failed(); i++)
        status = print_incident(following, &changes->heads[i], err);
    for (size_t i = 0; i < changes->node_count; i++)
        casebook_canonical_node(changes->scope, &changes->nodes[i], out);
    return status == 0 ? flush(following, err) : -1;
}

static int
follow_scope(struct following *following, const struct scope_mark *now, int64_t seen,
             struct err *err)
{
    struct arena arena;
    struct scope_changes changes;
    if (now->publication <= seen)
        return 0;
    arena_init(&arena, 0);
    int status = changes_of_scope(following->store, &arena, now->scope, seen, &changes, err);
    if (status == 0)
        status = print_scope(following, &changes, err);
    arena_release(&arena);
    return status;
}

static int
print_cursor(struct following *following, const struct change_cursor *now, struct err *err)
{
    struct strbuf text;
    strbuf_init(&text, CHANGES_CURSOR_BYTES_MAX);
    change_cursor_print(now, &text);
    if (text.overflow) {
        strbuf_release(&text);
        return err_set(err, ERR_LIMIT, "the cursor of so many scopes is larger than %zu bytes",
                       CHANGES_CURSOR_BYTES_MAX);
    }
    strbuf_add_char(&following->out, '{');
    json_put(&following->out, "cursor", strbuf_view(&text));
    json_put(&following->out, "line", SV("cursor"));
    strbuf_add_text(&following->out, "}\n");
    strbuf_release(&text);
    return flush(following, err);
}

static int
follow(struct following *following, struct arena *arena, const char *since, struct err *err)
{
    struct change_cursor seen, now;
    struct sv text;
    if (since_text(arena, since, &text, err) != 0 ||
        change_cursor_read(arena, text, &seen, err) != 0 ||
        changes_now(following->store, arena, &seen, &now, err) != 0)
        return -1;
    for (size_t i = 0; i < now.count; i++) {
        int64_t after = change_cursor_seen(&seen, now.marks[i].scope);
        if (follow_scope(following, &now.marks[i], after, err) != 0)
            return -1;
    }
    return print_cursor(following, &now, err);
}

int
follow_print(struct store *store, const char *since, struct err *err)
{
    struct following following = {.store = store};
    struct arena arena;
    strbuf_init(&following.out, 0);
    arena_init(&arena, 0);
    int status = follow(&following, &arena, since, err);
    arena_release(&arena);
    strbuf_release(&following.out);
    return status;
}
