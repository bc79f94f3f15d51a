/*
 * Explaining bids: see read_explain.h. Called by app/read.c.
 */
#include "app/read_explain.h"

#include <stdio.h>
#include <string.h>

static struct sv
kind_of(const struct file_record *record)
{
    return record->event_count > 0 ? record->events[0].format : record->result.format;
}

static bool
is_new(struct read_explain *explain, const struct file_record *record)
{
    struct sv kind = kind_of(record);
    if (strncmp(explain->file, record->name, sizeof(explain->file) - 1) != 0) {
        *explain = (struct read_explain){.count = 0};
        snprintf(explain->file, sizeof(explain->file), "%s", record->name);
    }
    for (size_t i = 0; i < explain->count; i++)
        if (sv_eq(kind, sv_from(explain->kinds[i])))
            return false;
    if (explain->count == EXPLAINED_KINDS_MAX)
        return false;
    snprintf(explain->kinds[explain->count], sizeof(explain->kinds[0]), SV_FMT, SV_ARG(kind));
    explain->count++;
    return true;
}

static size_t
place_of(const struct decoder_info *decoder)
{
    size_t place = 0;
    while (place < decoder_count() && decoder_info_at(place) != decoder)
        place++;
    return place;
}

/* The highest; of equal ones the earlier in the list of formats. */
static const struct decoder_bid *
winner_of(const struct decoder_bids *bids, unsigned round)
{
    const struct decoder_bid *best = NULL;
    for (size_t i = 0; i < bids->count; i++) {
        const struct decoder_bid *bid = &bids->list[i];
        if (bid->round == round && bid->why == BID_ASKED && bid->bid > 0 &&
            (best == NULL || bid->bid > best->bid ||
             (bid->bid == best->bid && place_of(bid->decoder) < place_of(best->decoder))))
            best = bid;
    }
    return best;
}

static void
add_others(const struct decoder_bids *bids, unsigned round, const struct decoder_bid *winner,
           enum decoder_why why, const char *before, struct strbuf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < bids->count; i++) {
        const struct decoder_bid *bid = &bids->list[i];
        if (bid->round != round || bid->why != why || bid == winner)
            continue;
        strbuf_addf(out, "%s%s %d", count++ == 0 ? before : ", ", bid->decoder->name, bid->bid);
    }
}

static size_t
count_unasked(const struct decoder_bids *bids, unsigned round)
{
    size_t asked = 0;
    for (size_t i = 0; i < bids->count; i++)
        asked += bids->list[i].round == round && bids->list[i].why != BID_UNASKED;
    return decoder_count() - asked;
}

static void
add_round(const struct decoder_bids *bids, unsigned round, int64_t line, struct strbuf *out)
{
    const struct decoder_bid *winner = winner_of(bids, round);
    strbuf_addf(out, "line %lld", (long long)line);
    if (bids->rounds > 1)
        strbuf_addf(out, ", part %u of %u", round + 1, bids->rounds);
    if (winner == NULL)
        strbuf_add_text(out, ": nobody bids");
    else
        strbuf_addf(out, ": %s wins with the highest bid, %d", winner->decoder->name, winner->bid);
    add_others(bids, round, winner, BID_ASKED, "; asked too: ", out);
    add_others(bids, round, winner, BID_TOO_LATE, "; could not win any more: ", out);
    strbuf_addf(out, "; no sign of %zu others\n", count_unasked(bids, round));
}

static void
add_told(const struct file_record *record, const struct decode_options *options, struct strbuf *out)
{
    struct sv kind = kind_of(record);
    strbuf_addf(out, "line %lld: ", (long long)record->line);
    if (kind.len == 0)
        strbuf_add_text(out, "nobody is asked: it cannot be read at all\n");
    else
        strbuf_addf(out, SV_FMT " without any bids: %s\n", SV_ARG(kind),
                    options->format.len > 0 ? "it was told" : "what carries it says so");
}

bool
read_explain(struct read_explain *explain, const struct file_record *record,
             const struct decode_options *options, struct strbuf *out)
{
    struct arena arena;
    if (!is_new(explain, record))
        return false;
    arena_init(&arena, 0);
    const struct record seen = file_record_seen(record);
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct decoder_bids bids = {.everyone = true};
    (void)decode_record_bids(&seen, options, &sink, &bids);
    for (unsigned round = 0; round < bids.rounds && round < EXPLAINED_PARTS_MAX; round++)
        add_round(&bids, round, record->line, out);
    if (bids.rounds > EXPLAINED_PARTS_MAX)
        strbuf_addf(out, "line %lld: and %u parts more\n", (long long)record->line,
                    bids.rounds - EXPLAINED_PARTS_MAX);
    if (bids.rounds == 0)
        add_told(record, options, out);
    arena_release(&arena);
    return true;
}
