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
#define BEFORE_DIFFERENCE 140 /* bytes that are the same, and shown */

void
casetables_stream(void)
{
    pgtest_run("INSERT INTO evidence.stream (cluster_id, topic, incarnation, partition, seq) "
               "VALUES ('c', 't', 1, 0, 1000)");
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

void
casetables_save_part(struct part *part, const struct casebook_part *changed, int64_t seq)
{
    const struct cursor_position cursor[] = {{0, 0}, {1, seq}};
    struct err err;
    if (part_save(part, changed, cursor, 2, &err) != 0 || part_commit(part, &err) != 0)
        fail_msg("%s", err.message);
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

void
casetables_same(const char *there_is, const char *whole_has)
{
    size_t at = 0;
    if (there_is == NULL || whole_has == NULL)
        fail_msg("there are no rows to be compared");
    while (there_is[at] != '\0' && there_is[at] == whole_has[at])
        at++;
    if (there_is[at] == whole_has[at])
        return;
    size_t from = at > BEFORE_DIFFERENCE ? at - BEFORE_DIFFERENCE : 0;
    fail_msg("there is: %.300s\n--- where the whole has: %.300s", there_is + from,
             whole_has + from);
}

bool
casetables_compare(struct store *store, const struct correlation *whole, struct strbuf *ret_stored,
                   struct strbuf *ret_whole)
{
    struct arena arena;
    struct correlation read;
    struct err err;
    arena_init(&arena, 0);
    strbuf_init(ret_stored, 0);
    strbuf_init(ret_whole, 0);
    if (casebook_correlation(store, &arena, whole->scope, &read, &err) != 0)
        fail_msg("%s", err.message);
    casebook_canonical(&read, ret_stored);
    casebook_canonical(whole, ret_whole);
    strbuf_add_char(ret_stored, '\n');
    strbuf_add_char(ret_whole, '\n');
    arena_release(&arena);
    return sv_eq(strbuf_view(ret_stored), strbuf_view(ret_whole));
}

void
casetables_hold(struct store *store, const struct correlation *whole)
{
    struct strbuf stored, computed;
    if (!casetables_compare(store, whole, &stored, &computed))
        casetables_same(stored.ptr, computed.ptr);
    strbuf_release(&stored);
    strbuf_release(&computed);
}

void
casetables_whole(struct store *store, const struct correlation *whole, int64_t seq)
{
    char *before = casetables_versions(false);
    casetables_save(store, whole, seq);
    char *after = casetables_versions(false);
    casetables_same(before, after);
    free(before);
    free(after);
}
