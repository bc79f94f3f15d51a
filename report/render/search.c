/*
 * Found and similar incidents for people, see search.h. Called by `hindcast search` and `hindcast
 * similar` on the main thread.
 */
#include "report/render/search.h"

#include "base/clock.h"
#include "hindcast/evidence_place.h"
#include "report/render/lines.h"

#define REASONS_SHOWN 10 /* of one kind; --format jsonl has all */

static void
add_head(struct line_writer *page, const struct search_match *match, size_t place)
{
    char first[TIME_TEXT], duration[DURATION_TEXT];
    time_format_zone(match->first_ns, first);
    duration_format(match->last_ns - match->first_ns, duration);
    strbuf_addf(&page->line, "%zu. " SV_FMT "  first sign %s", place,
                SV_ARG(sv_empty(match->number) ? match->incident_key : match->number), first);
    if (match->last_ns > match->first_ns)
        strbuf_addf(&page->line, ", last %s later", duration);
    strbuf_addf(&page->line, "  " SV_FMT, SV_ARG(match->title));
    line_writer_end(page, STYLE_HEAD);
    for (size_t i = 0; i < match->service_count; i++)
        strbuf_addf(&page->line, "%s" SV_FMT, i == 0 ? "   services: " : ", ",
                    SV_ARG(match->services[i]));
    if (match->service_count > 0)
        line_writer_end(page, STYLE_PLAIN);
}

/* ---- by words ---- */

static void
add_word(struct strbuf *out, const struct search_word *word, const char *separator)
{
    strbuf_addf(out, "%s" SV_FMT " ", separator, SV_ARG(word->word));
    strbuf_add_hundredths(out, word->points);
    strbuf_add_text(out, word->title ? " (title" : " (");
    if (word->lines > 0)
        strbuf_addf(out, "%s%lld line%s", word->title ? ", " : "", (long long)word->lines,
                    word->lines == 1 ? "" : "s");
    strbuf_add_char(out, ')');
}

/* The sum that the score is, each part with where it comes from. */
static void
add_score(struct line_writer *page, const struct search_match *match)
{
    struct strbuf *out = &page->line;
    strbuf_add_text(out, "   score ");
    strbuf_add_hundredths(out, match->score);
    for (size_t i = 0; i < match->word_count; i++)
        add_word(out, &match->words[i], i == 0 ? " = " : " + ");
    strbuf_add_text(out, " + best line ");
    strbuf_add_hundredths(out, match->best);
    for (size_t i = 0; i < match->missing_count; i++)
        strbuf_addf(out, "%s" SV_FMT, i == 0 ? "; without " : ", ", SV_ARG(match->missing[i]));
    line_writer_end(page, STYLE_PLAIN);
}

/* " [connection, pool in text; ana in actor]": words of one place stand together. */
static void
add_places(struct strbuf *out, const struct search_hit *hit)
{
    for (size_t i = 0; i < hit->place_count; i++) {
        bool again = i > 0 && sv_eq(hit->places[i].where, hit->places[i - 1].where);
        bool last =
            i + 1 == hit->place_count || !sv_eq(hit->places[i].where, hit->places[i + 1].where);
        strbuf_addf(out, "%s" SV_FMT,
                    i == 0  ? "  ["
                    : again ? ", "
                            : "; ",
                    SV_ARG(hit->places[i].word));
        if (last)
            strbuf_addf(out, " in " SV_FMT, SV_ARG(hit->places[i].where));
    }
    strbuf_add_text(out, hit->place_count > 0 ? "]" : "");
}

static void
add_hit(struct line_writer *page, const struct search_hit *hit)
{
    char time[TIME_TEXT];
    time_format_zone(hit->time_ns, time);
    strbuf_addf(&page->line, "     %s  ", time);
    if (!sv_empty(hit->actor) || !sv_empty(hit->service))
        strbuf_addf(&page->line, SV_FMT ": ",
                    SV_ARG(sv_empty(hit->actor) ? hit->service : hit->actor));
    strbuf_add_sv(&page->line, hit->text);
    line_writer_end(page, STYLE_PLAIN);
    strbuf_addf(&page->line, "       " SV_FMT, SV_ARG(hit->kind));
    if (hit->evidence_count > 0) {
        strbuf_add_text(&page->line, ", ");
        evidence_put_place(&page->line, &hit->evidence[0]);
    }
    add_places(&page->line, hit);
    line_writer_end(page, STYLE_PLAIN);
}

/* The head shows the title, and the score what it holds. */
static void
add_hits(struct line_writer *page, const struct search_match *match)
{
    int64_t shown = 0;
    for (size_t i = 0; i < match->hit_count; i++) {
        if (sv_empty(match->hits[i].entry_id))
            continue;
        add_hit(page, &match->hits[i]);
        shown++;
    }
    if (match->lines > shown) {
        strbuf_addf(&page->line, "     and %lld more line%s", (long long)(match->lines - shown),
                    match->lines - shown == 1 ? "" : "s");
        line_writer_end(page, STYLE_PLAIN);
    }
}

void
render_found(const struct search_result *result, size_t columns, struct strbuf *out)
{
    struct line_writer page;
    line_writer_init(&page, out, columns);
    for (size_t i = 0; i < result->match_count; i++) {
        add_head(&page, &result->matches[i], i + 1);
        add_score(&page, &result->matches[i]);
        add_hits(&page, &result->matches[i]);
        strbuf_add_text(out, i + 1 < result->match_count ? "\n" : "");
    }
    line_writer_release(&page);
}

/* ---- by likeness ---- */

static const struct {
    const char *kind, *name;
} reason_kinds[] = {
    {"service", "services"}, {"alert", "alerts"},    {"log", "log lines"},
    {"change", "changes"},   {"word", "rare words"},
};

static void
add_reasons(struct line_writer *page, const struct search_match *match, size_t kind)
{
    size_t shown = 0, all = 0;
    for (size_t i = 0; i < match->reason_count; i++) {
        const struct search_reason *reason = &match->reasons[i];
        if (!sv_eq(reason->kind, sv_from(reason_kinds[kind].kind)) || all++ >= REASONS_SHOWN)
            continue;
        if (shown == 0)
            strbuf_addf(&page->line, "     %s: ", reason_kinds[kind].name);
        strbuf_addf(&page->line, "%s" SV_FMT " ", shown == 0 ? "" : ", ", SV_ARG(reason->name));
        strbuf_add_hundredths(&page->line, reason->points);
        strbuf_addf(&page->line, " (in %lld)", (long long)reason->incidents);
        shown++;
    }
    if (all > shown)
        strbuf_addf(&page->line, " and %zu more", all - shown);
    if (shown > 0)
        line_writer_end(page, STYLE_PLAIN);
}

void
render_similar(const struct search_result *result, size_t columns, struct strbuf *out)
{
    struct line_writer page;
    line_writer_init(&page, out, columns);
    for (size_t i = 0; i < result->match_count; i++) {
        const struct search_match *match = &result->matches[i];
        add_head(&page, match, i + 1);
        strbuf_add_text(&page.line, "   score ");
        strbuf_add_hundredths(&page.line, match->score);
        strbuf_addf(&page.line, " = %zu thing%s in common", match->reason_count,
                    match->reason_count == 1 ? "" : "s");
        line_writer_end(&page, STYLE_PLAIN);
        for (size_t kind = 0; kind < sizeof(reason_kinds) / sizeof(reason_kinds[0]); kind++)
            add_reasons(&page, match, kind);
        strbuf_add_text(out, i + 1 < result->match_count ? "\n" : "");
    }
    line_writer_release(&page);
}
