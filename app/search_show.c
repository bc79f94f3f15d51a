/*
 * Found and similar incidents on stdout: see search_show.h.
 */
#include "app/search_show.h"

#include <stdio.h>

#include "app/open.h"
#include "app/output.h"
#include "base/text/visible.h"
#include "report/render/search.h"

int
search_limit(const char *text, int *most, struct err *err)
{
    int64_t value;
    if (text == NULL)
        return 0;
    if (!sv_to_int64(sv_from(text), &value) || value < 1 || value > SEARCH_INCIDENTS_MAX)
        return err_set(err, ERR_USAGE, "--limit takes a number from 1 to %d, not '%s'",
                       SEARCH_INCIDENTS_MAX, text);
    *most = (int)value;
    return 0;
}

static int
show(const struct search_result *found, bool json,
     void (*table)(const struct search_result *result, size_t columns, struct strbuf *out),
     void (*lines)(const struct search_result *result, struct strbuf *out), struct err *err)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    if (json)
        lines(found, &out);
    else
        table(found, output_columns(), &out);
    int status = output_buffer(&out, "what was found", err);
    strbuf_release(&out);
    return status;
}

/* ---- by words ---- */

/* Words that are nowhere, or everywhere. */
static void
remark_terms(const struct search_result *found)
{
    bool every = true;
    for (size_t i = 0; i < found->term_count; i++) {
        const struct search_term *term = &found->terms[i];
        if (term->excluded)
            continue;
        every &= term->common;
        if (term->common)
            visible_line(stderr,
                         SV_FMT " stands on more than %d lines: too common to choose or rank by",
                         SV_ARG(term->term), SEARCH_LINES_MAX);
        else if (term->lines + term->titles == 0)
            visible_line(stderr, "no line and no title holds " SV_FMT, SV_ARG(term->term));
    }
    if (every)
        visible_line(stderr,
                     "so only the newest incidents were searched, of about %d lines; --until moves "
                     "that window, a rarer word searches all",
                     SEARCH_LINES_MAX);
}

static void
remark_left_out(const struct search_result *found)
{
    if (found->found > (int64_t)found->match_count)
        visible_line(stderr, "%lld more incidents; --limit shows up to %d",
                     (long long)found->found - (long long)found->match_count, SEARCH_INCIDENTS_MAX);
    if (found->masked)
        visible_line(stderr, "this is masked text; a member of hindcast_responder sees all");
}

int
search_show(const struct config *config, const struct search_request *request, bool json,
            const volatile bool *stop, struct err *err)
{
    struct store *store;
    struct search_result found;
    struct arena arena;
    if (open_reader(config, READ_DERIVED, stop, &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    int status = casebook_search(store, &arena, request, &found, err);
    store_close(store);
    if (status == 0)
        status = show(&found, json, render_found, render_found_json, err);
    if (status == 0) {
        remark_terms(&found);
        if (found.match_count == 0)
            visible_line(stderr, "no incident found");
        else if (found.matches[0].missing_count > 0)
            visible_line(stderr, "no incident holds all of these words; those shown hold at least "
                                 "half of what they weigh");
        remark_left_out(&found);
    }
    arena_release(&arena);
    return status;
}

/* ---- by likeness ---- */

int
similar_show(const struct config *config, const char *name, int most, bool json,
             const volatile bool *stop, struct err *err)
{
    struct store *store;
    struct search_result found;
    struct arena arena;
    if (open_reader(config, READ_DERIVED, stop, &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    int status = casebook_similar(store, &arena, name, most, &found, err);
    store_close(store);
    if (status == 0)
        status = show(&found, json, render_similar, render_similar_json, err);
    if (status == 0) {
        if (found.match_count == 0)
            visible_line(stderr, "no earlier incident has anything rare in common with it");
        remark_left_out(&found);
    }
    arena_release(&arena);
    return status;
}
