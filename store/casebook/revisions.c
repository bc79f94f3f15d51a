/*
 * Reading revisions back: see hindcast/revisions.h. Called by the commands that show and compare
 * them, on the main thread.
 */
#include "hindcast/revisions.h"

#include "store/casebook/reading.h"

static int
read_provisional(struct store *store, const char *const *values, struct revision_list *list,
                 struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_revision_provisional, values, 2, &result, err) != 0)
        return -1;
    list->watermark_ns = TIME_NONE;
    if (PQntuples(result) > 0) {
        list->provisional = column_bool(result, 0, 0);
        if (!PQgetisnull(result, 0, 1))
            list->watermark_ns = row_time(result, 0, 1);
    }
    PQclear(result);
    return 0;
}

int
casebook_revisions(struct store *store, struct arena *arena, const struct stored_incident *head,
                   struct revision_list *ret_list, struct err *err)
{
    PGresult *result;
    char number[INT_TEXT];
    struct revision_list list = {.count = 0};
    const char *values[] = {arena_strdup(arena, head->scope), int_text(head->incident_no, number)};
    if (read_provisional(store, values, &list, err) != 0 ||
        store_sql(store, QUERY_revision_list, values, 2, &result, err) != 0)
        return -1;
    list.count = (size_t)PQntuples(result);
    struct revision *revisions = ARENA_ARRAY(arena, struct revision, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        struct revision *to = &revisions[i];
        int row = (int)i;
        *to = (struct revision){
            .number = column_int(result, row, 0),
            .published_ns = row_time(result, row, 1),
            .added = column_int(result, row, 3),
            .removed = column_int(result, row, 4),
            .changed = column_int(result, row, 5),
            .entries = column_int(result, row, 6),
            .title = column_text(arena, result, row, 7),
        };
        to->causes = column_texts(arena, result, row, 2, &to->cause_count);
    }
    PQclear(result);
    list.at = revisions;
    *ret_list = list;
    return 0;
}

int
casebook_at_revision(struct store *store, struct arena *arena, const struct stored_incident *head,
                     int64_t revision, struct stored_incident *ret_stored, struct err *err)
{
    char number[INT_TEXT], wanted[INT_TEXT];
    struct stored_incident *heads;
    size_t count;
    const char *values[] = {arena_strdup(arena, head->scope), int_text(head->incident_no, number),
                            int_text(revision, wanted)};
    const struct reading asked = {QUERY_revision_head, values, 3};
    const struct reading entries = {QUERY_revision_entries, values, 3};
    const struct reading milestones = {QUERY_revision_milestones, values, 3};
    if (reading_heads(store, arena, &asked, &heads, &count, err) != 0)
        return -1;
    if (count == 0) {
        err_set(err, ERR_NOT_FOUND, "the incident has no revision %lld", (long long)revision);
        return err_hint(err, "'hindcast revisions' lists them");
    }
    heads[0].incident.node_count = 0;
    if (reading_entries(store, arena, &entries, &heads[0].incident, err) != 0 ||
        reading_milestones(store, arena, &milestones, &heads[0].incident, err) != 0)
        return -1;
    *ret_stored = heads[0];
    return 0;
}
