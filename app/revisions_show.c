/*
 * Revisions on stdout: see revisions_show.h.
 */
#include "app/revisions_show.h"

#include <stdio.h>

#include "app/open.h"
#include "app/output.h"
#include "base/clock.h"
#include "base/text/visible.h"
#include "hindcast/casebook.h"
#include "report/revision/revision.h"

static int
put(struct strbuf *out, int status, const char *what, struct err *err)
{
    if (status == 0)
        status = output_buffer(out, what, err);
    strbuf_release(out);
    return status;
}

/* ---- which one is meant ---- */

static int
read_number(const char *text, int64_t *ret_number, struct err *err)
{
    int64_t number;
    if (!sv_to_int64(sv_from(text), &number) || number < 1 || number > INT32_MAX)
        return err_set(err, ERR_USAGE, "a revision is a number from 1, not '%s'", text);
    *ret_number = number;
    return 0;
}

static void
remark(const struct revision_list *list, const struct revision *revision)
{
    char time[TIME_TEXT];
    time_format_zone(revision->published_ns - revision->published_ns % NS_PER_S, time);
    visible_line(
        stderr,
        "revision %lld of %zu, published %s: records that came later are not in it, however "
        "early what they tell of",
        (long long)revision->number, list->count, time);
}

static int
find_as_of(const struct revision_list *list, const char *as_of,
           const struct revision **ret_revision, struct err *err)
{
    int64_t at_ns;
    char time[TIME_TEXT];
    if (time_parse_arg("--as-of", as_of, &at_ns, err) != 0)
        return -1;
    for (size_t i = list->count; i > 0; i--)
        if (list->at[i - 1].published_ns <= at_ns) {
            *ret_revision = &list->at[i - 1];
            return 0;
        }
    time_format_zone(list->count > 0 ? list->at[0].published_ns : at_ns, time);
    err_set(err, ERR_NOT_FOUND, "the incident was not published by then");
    return err_hint(
        err, "its first revision is of %s; files that are loaded later are published later", time);
}

static int
find(const struct revision_list *list, const char *revision, const char *as_of,
     const struct revision **ret_revision, struct err *err)
{
    int64_t number;
    if (as_of != NULL)
        return find_as_of(list, as_of, ret_revision, err);
    if (read_number(revision, &number, err) != 0)
        return -1;
    if ((size_t)number > list->count) {
        err_set(err, ERR_NOT_FOUND, "the incident has %zu revisions, and no revision %lld",
                list->count, (long long)number);
        return err_hint(err, "'hindcast revisions' lists them");
    }
    *ret_revision = &list->at[number - 1];
    return 0;
}

int
revision_incident(struct store *store, struct arena *arena, const char *incident,
                  const char *revision, const char *as_of, struct stored_incident *ret_stored,
                  struct err *err)
{
    struct stored_incident head;
    struct revision_list list;
    const struct revision *found = NULL;
    if (casebook_head(store, arena, incident, &head, err) != 0 ||
        casebook_revisions(store, arena, &head, &list, err) != 0 ||
        find(&list, revision, as_of, &found, err) != 0 ||
        casebook_at_revision(store, arena, &head, found->number, ret_stored, err) != 0)
        return -1;
    remark(&list, found);
    return 0;
}

/* ---- the list ---- */

static void
remark_provisional(const struct revision_list *list)
{
    char time[TIME_TEXT];
    if (!list->provisional)
        return;
    if (list->watermark_ns == TIME_NONE) {
        visible_line(stderr, "the newest is provisional: how far the records were read is unknown");
        return;
    }
    time_format_zone(list->watermark_ns, time);
    visible_line(stderr,
                 "the newest is provisional: records are read up to %s (watermark), and for a day "
                 "after its last sign more may join it",
                 time);
}

int
revisions_show(const struct config *config, const char *incident, bool json,
               const volatile bool *stop, struct err *err)
{
    struct store *store;
    struct stored_incident head;
    struct revision_list list;
    struct arena arena;
    struct strbuf out;
    if (open_reader(config, READ_DERIVED, stop, &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    int status = casebook_head(store, &arena, incident, &head, err);
    if (status == 0)
        status = casebook_revisions(store, &arena, &head, &list, err);
    store_close(store);
    if (status == 0 && json)
        revisions_json(&head, &list, &out);
    else if (status == 0)
        revisions_text(&list, output_columns(), &out);
    status = put(&out, status, "the revisions", err);
    if (status == 0 && !json)
        remark_provisional(&list);
    arena_release(&arena);
    return status;
}

/* ---- differences ---- */

static int
read_pair(const char *from, const char *to, size_t count, int64_t *ret_from, int64_t *ret_to,
          struct err *err)
{
    *ret_to = (int64_t)count;
    *ret_from = *ret_to - 1;
    if (from == NULL && count < 2)
        return err_set(err, ERR_NOT_FOUND, "the incident has one revision, and nothing to compare");
    if (from != NULL && read_number(from, ret_from, err) != 0)
        return -1;
    return to == NULL ? 0 : read_number(to, ret_to, err);
}

static int
compare(struct store *store, struct arena *arena, const char *incident, const char *from,
        const char *to, struct revision_diff *ret_diff, struct err *err)
{
    struct stored_incident *pair = ARENA_ARRAY(arena, struct stored_incident, 2), head;
    struct revision_list list;
    int64_t first, second;
    if (casebook_head(store, arena, incident, &head, err) != 0 ||
        casebook_revisions(store, arena, &head, &list, err) != 0 ||
        read_pair(from, to, list.count, &first, &second, err) != 0 ||
        casebook_at_revision(store, arena, &head, first, &pair[0], err) != 0 ||
        casebook_at_revision(store, arena, &head, second, &pair[1], err) != 0)
        return -1;
    revision_compare(arena, &pair[0], &pair[1], ret_diff);
    return 0;
}

int
revisions_compare(const struct config *config, const char *incident, const char *from,
                  const char *to, bool json, const volatile bool *stop, struct err *err)
{
    struct store *store;
    struct revision_diff diff;
    struct arena arena;
    struct strbuf out;
    if (open_reader(config, READ_DERIVED, stop, &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    int status = compare(store, &arena, incident, from, to, &diff, err);
    store_close(store);
    if (status == 0 && json)
        revision_diff_json(&diff, &out);
    else if (status == 0)
        revision_diff_text(&diff, output_columns(), &out);
    status = put(&out, status, "what differs", err);
    arena_release(&arena);
    return status;
}
