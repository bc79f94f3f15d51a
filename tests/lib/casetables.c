/*
 * What the derived tables hold: see casetables.h.
 */
#include "tests/lib/casetables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "tests/lib/pgtest.h"

#define STREAM_END 1000       /* of every world */
#define SHOWN 300             /* bytes of each text */
#define BEFORE_DIFFERENCE 140 /* bytes that are the same, and shown */

void
casetables_stream(void)
{
    pgtest_run("INSERT INTO evidence.stream (cluster_id, topic, incarnation, partition, seq) "
               "VALUES ('c', 't', 1, 0, 1000), ('c', 't', 1, 1, 1000)");
}

void
casetables_forget(struct store *store, struct sv scope)
{
    const struct cursor_position end[] = {{0, 0}, {1, STREAM_END}};
    struct err err;
    if (casebook_forget(store, scope, end, 2, &err) != 0)
        fail_msg("%s", err.message);
}

void
casetables_save(struct store *store, const struct correlation *whole, int64_t seq)
{
    const struct cursor_position cursor[] = {{0, 0}, {1, seq}};
    struct err err;
    if (casebook_save(store, whole, cursor, 2, &err) != 0)
        fail_msg("%s", err.message);
}

int
casetables_save_part(struct part *part, const struct casebook_part *changed, int64_t seq,
                     struct err *err)
{
    const struct cursor_position cursor[] = {{0, 0}, {1, seq}};
    if (part_save(part, changed, cursor, 2, err) == 0)
        return part_commit(part, err);
    part_abort(part);
    return -1;
}

char *
casetables_versions(bool with_cursor)
{
    static const char *const sql =
        "SELECT coalesce(string_agg(t || ':' || x, ' ' ORDER BY t, x), '') FROM ("
        "SELECT 'e' AS t, xmin::text || '.' || entry_id AS x FROM correlate.entry UNION ALL "
        "SELECT 'i', xmin::text || '.' || incident_key FROM correlate.incident UNION ALL "
        "SELECT 'm', xmin::text || '.' || milestone FROM correlate.milestone UNION ALL "
        "SELECT 'n', xmin::text || '.' || node_key FROM correlate.node UNION ALL "
        "SELECT 'u', xmin::text || '.' || uid FROM correlate.member UNION ALL "
        "SELECT 'd', xmin::text || '.' || record_offset FROM correlate.delivery UNION ALL "
        "SELECT 'p', xmin::text || '.' || last FROM correlate.publication UNION ALL "
        "SELECT 'r', xmin::text || '.' || key FROM correlate.removed UNION ALL "
        "SELECT 'v', xmin::text || '.' || incident_no || '.' || revision FROM review.revision "
        "UNION ALL "
        "SELECT 'w', xmin::text || '.' || entry_id FROM review.revision_entry UNION ALL "
        "SELECT '#', xmin::text || '.' || name FROM correlate.number UNION ALL "
        "SELECT 'c', xmin::text || '.' || stream_id FROM correlate.cursor WHERE %s) v";
    char text[2000];
    snprintf(text, sizeof(text), sql, with_cursor ? "true" : "false");
    return pgtest_value(text);
}

const char *
casetables_difference(const char *there_is, const char *whole_has)
{
    static char told[2 * SHOWN + 100];
    size_t at = 0;
    if (there_is == NULL || whole_has == NULL)
        return "there are no rows to be compared";
    while (there_is[at] != '\0' && there_is[at] == whole_has[at])
        at++;
    if (there_is[at] == whole_has[at])
        return NULL;
    size_t from = at > BEFORE_DIFFERENCE ? at - BEFORE_DIFFERENCE : 0;
    snprintf(told, sizeof(told), "there is: %.*s\n--- where the whole has: %.*s", SHOWN,
             there_is + from, SHOWN, whole_has + from);
    return told;
}

const char *
casetables_hold(struct store *store, const struct correlation *whole)
{
    struct strbuf stored, computed;
    struct arena arena;
    struct correlation read;
    struct err err;
    arena_init(&arena, 0);
    strbuf_init(&stored, 0);
    strbuf_init(&computed, 0);
    if (casebook_correlation(store, &arena, whole->scope, &read, &err) != 0)
        fail_msg("%s", err.message);
    casebook_canonical(&read, &stored);
    casebook_canonical(whole, &computed);
    strbuf_add_char(&stored, '\n');
    strbuf_add_char(&computed, '\n');
    const char *difference = casetables_difference(stored.ptr, computed.ptr);
    strbuf_release(&stored);
    strbuf_release(&computed);
    arena_release(&arena);
    return difference;
}

const char *
casetables_whole(struct store *store, const struct correlation *whole, int64_t seq)
{
    char *before = casetables_versions(false);
    casetables_save(store, whole, seq);
    char *after = casetables_versions(false);
    const char *difference = casetables_difference(before, after);
    free(before);
    free(after);
    return difference;
}
