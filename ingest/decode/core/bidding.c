/*
 * Bids: see bidding.h. Those that are asked are asked in the order of what they bid at most, until
 * nobody left can win. How many are asked depends on what a record holds, not on how many there
 * are. Filled while nobody decodes, and read by every worker's thread.
 */
#include "ingest/decode/core/bidding.h"

#include <assert.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ingest/decode/core/signs.h"
#include "ingest/decode/core/sink.h"

struct bidder {
    const struct decoder *decoder;
    uint32_t place; /* in the registry: settles equal bids */
    int highest;
};

struct numbers {
    uint32_t *list;
    size_t count;
};

struct header_name {
    const char *name;
    uint32_t number;
};

static struct arena memory; /* as long as these decoders are asked */
static _Atomic bool prepared;
static struct {
    struct bidder *bidders; /* by number: who bids most first */
    size_t count;
    struct numbers of_text[UCHAR_MAX + 1]; /* by the first byte of the text */
    struct numbers of_tape;                /* whatever it holds */
    struct numbers of_bytes;               /* readers of bytes that are neither */
    struct header_name *headers;           /* by name */
    size_t header_count;
} bidding;

/* ---- preparing ---- */

static int
compare_bidders(const void *a, const void *b)
{
    const struct bidder *x = a, *y = b;
    if (x->highest != y->highest)
        return x->highest > y->highest ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

static int
compare_headers(const void *a, const void *b)
{
    const struct header_name *x = a, *y = b;
    int order = strcasecmp(x->name, y->name);
    return order != 0 ? order : x->number < y->number ? -1 : 1;
}

/* Bytes as they stand and ranges ("<0-9"); NULL: any. */
static bool
may_begin(const char *first, unsigned char byte)
{
    if (first == NULL)
        return true;
    for (const char *at = first; *at != '\0'; at++) {
        unsigned char from = (unsigned char)at[0], to = from;
        if (at[1] == '-' && at[2] != '\0') {
            to = (unsigned char)at[2];
            at += 2;
        }
        if (byte >= from && byte <= to)
            return true;
    }
    return false;
}

static bool
same_readers(unsigned char a, unsigned char b)
{
    for (size_t i = 0; i < bidding.count; i++) {
        const char *first = bidding.bidders[i].decoder->info.first;
        if (may_begin(first, a) != may_begin(first, b))
            return false;
    }
    return true;
}

/* Numbers of the bidders that read texts with this first byte. Neighbours mostly have the same. */
static struct numbers
readers_of(unsigned char byte)
{
    if (byte > 0 && same_readers(byte, (unsigned char)(byte - 1)))
        return bidding.of_text[byte - 1];
    struct numbers numbers = {ARENA_ARRAY(&memory, uint32_t, bidding.count), 0};
    for (uint32_t i = 0; i < bidding.count; i++) {
        const struct decoder *decoder = bidding.bidders[i].decoder;
        if (decoder->reads == READS_TEXT && may_begin(decoder->info.first, byte))
            numbers.list[numbers.count++] = i;
    }
    return numbers;
}

static void
register_fields(void)
{
    for (size_t place = 0; place < registry_count(); place++) {
        const struct decoder *decoder = registry_at(place);
        for (size_t i = 0; decoder->lists != NULL && decoder->lists[i] != NULL; i++)
            tape_register(decoder->lists[i]);
        bidding.bidders[place] = (struct bidder){decoder, (uint32_t)place, decoder->info.highest};
    }
}

static void
file_bidder(uint32_t number, const struct decoder *decoder)
{
    if (decoder->info.signs != NULL)
        signs_add(decoder->info.signs, number);
    else if (decoder->reads == READS_TAPE)
        bidding.of_tape.list[bidding.of_tape.count++] = number;
    if (decoder->reads_bytes)
        bidding.of_bytes.list[bidding.of_bytes.count++] = number;
    if (decoder->info.header != NULL)
        bidding.headers[bidding.header_count++] =
            (struct header_name){decoder->info.header, number};
}

void
bidding_prepare(void)
{
    assert(bidding.count == 0 && registry_count() > 0 && registry_count() < UINT32_MAX);
    arena_init(&memory, 0);
    bidding.count = registry_count();
    bidding.bidders = ARENA_ARRAY(&memory, struct bidder, bidding.count);
    bidding.of_tape.list = ARENA_ARRAY(&memory, uint32_t, bidding.count);
    bidding.of_bytes.list = ARENA_ARRAY(&memory, uint32_t, bidding.count);
    bidding.headers = ARENA_ARRAY(&memory, struct header_name, bidding.count);
    register_fields();
    qsort(bidding.bidders, bidding.count, sizeof(bidding.bidders[0]), compare_bidders);
    for (uint32_t i = 0; i < bidding.count; i++)
        file_bidder(i, bidding.bidders[i].decoder);
    qsort(bidding.headers, bidding.header_count, sizeof(bidding.headers[0]), compare_headers);
    for (unsigned byte = 0; byte <= UCHAR_MAX; byte++)
        bidding.of_text[byte] = readers_of((unsigned char)byte);
    signs_file();
    atomic_store_explicit(&prepared, true, memory_order_release);
}

bool
bidding_prepared(void)
{
    return atomic_load_explicit(&prepared, memory_order_acquire);
}

void
bidding_forget(void)
{
    if (!bidding_prepared())
        return;
    signs_forget();
    arena_release(&memory);
    memset(&bidding, 0, sizeof(bidding));
    atomic_store(&prepared, false);
}

/* ---- asking ---- */

/* Whoever knows a record by its headers is asked whatever the value is. */
static void
add_by_header(struct sv name, struct asked *asked)
{
    size_t from = 0, to = sv_empty(name) ? 0 : bidding.header_count;
    assert(name.ptr != NULL || sv_empty(name));
    while (from < to) {
        size_t middle = (from + to) / 2;
        struct sv there = sv_from(bidding.headers[middle].name);
        assert(there.ptr != NULL);
        int order = strncasecmp(there.ptr, name.ptr, name.len);
        if (order < 0 || (order == 0 && there.len < name.len))
            from = middle + 1;
        else
            to = middle;
    }
    while (from < bidding.header_count && !sv_empty(name) &&
           sv_eq_nocase(sv_from(bidding.headers[from].name), name))
        asked_add(asked, bidding.headers[from++].number, false);
}

/* Two lists of numbers, both ascending: those that are asked about all of its form, and those that
 * have a sign in it, mostly none. */
struct turns {
    const uint32_t *always, *always_end;
    const struct asked_one *asked, *asked_end;
    bool signs; /* does the one whose turn it is have them? */
};

static struct turns
turns_of(const struct probe *probe, const struct asked *asked)
{
    const struct numbers *always = &bidding.of_tape;
    if (probe->tape == NULL)
        always = &bidding.of_text[(unsigned char)probe->body.ptr[0]];
    return (struct turns){always->list, always->list + always->count, asked->list,
                          asked->list + asked->count, false};
}

/* Whose turn it is; NULL when everyone had it. */
static inline const struct bidder *
next_turn(struct turns *turns)
{
    turns->signs = false;
    if (turns->asked == turns->asked_end)
        return turns->always == turns->always_end ? NULL : &bidding.bidders[*turns->always++];
    uint32_t number = turns->asked->number;
    if (turns->always < turns->always_end && *turns->always < number)
        return &bidding.bidders[*turns->always++];
    turns->always += turns->always < turns->always_end && *turns->always == number;
    turns->signs = turns->asked->signs;
    turns->asked++;
    return &bidding.bidders[number];
}

/* Returns how many signs were compared. */
static size_t
find_asked(const struct probe *probe, struct asked *asked)
{
    size_t compared = 0;
    asked_init(asked, probe->arena);
    if (probe->tape != NULL)
        compared = signs_find(probe->arena, probe->tape, asked);
    for (size_t i = 0; i < probe->record->header_count && bidding.header_count > 0; i++)
        add_by_header(probe->record->headers[i].name, asked);
    return compared;
}

static int
ask(struct probe *probe, const struct bidder *bidder)
{
    probe->decoder = bidder->decoder;
    int bid = bidder->decoder->bid(probe);
    assert(bid >= 0 && bid <= bidder->highest);
    return bid;
}

/* ---- for who wants to know ---- */

static void
note(struct probe *probe, const struct bidder *bidder, int bid, enum decoder_why why)
{
    struct decoder_bids *bids = probe->bids;
    if (bids->count == bids->size) {
        size_t size = bids->size == 0 ? 64 : 2 * bids->size;
        struct decoder_bid *larger = ARENA_ARRAY(probe->arena, struct decoder_bid, size);
        if (bids->count > 0)
            memcpy(larger, bids->list, bids->count * sizeof(*larger));
        bids->list = larger;
        bids->size = size;
    }
    bids->list[bids->count++] =
        (struct decoder_bid){&bidder->decoder->info, bids->rounds, bid, why};
}

/* True if it can look at the probe at all. */
static bool
readable(const struct probe *probe, const struct decoder *decoder)
{
    if (decoder->reads == READS_TEXT)
        return probe->tape == NULL;
    return probe->json != NULL || decoder->info.header != NULL;
}

/* Those that were not asked, so that every bid is known. `beaten`: the first who could not win. */
static void
ask_the_others(struct probe *probe, struct turns turns, const struct bidder *beaten)
{
    struct decode_result ignored = {0};
    (void)probe_make_tree(probe, &ignored);
    const struct bidder *meant = next_turn(&turns);
    for (const struct bidder *one = bidding.bidders; one < bidding.bidders + bidding.count; one++) {
        bool asked = one == meant && (beaten == NULL || one < beaten);
        if (!asked && readable(probe, one->decoder))
            note(probe, one, ask(probe, one), one == meant ? BID_TOO_LATE : BID_UNASKED);
        if (one == meant)
            meant = next_turn(&turns);
    }
}

/* ---- the winner ---- */

/* True if one that bids at most that can still win. If not, those behind it cannot either. */
static inline bool
may_win(const struct bidder *bidder, const struct bidder *winner, int best)
{
    return bidder->highest > best ||
           (bidder->highest == best && winner != NULL && bidder->place < winner->place);
}

static int
ask_in_turn(struct probe *probe, bool envelopes, const struct decoder **ret_winner,
            struct decode_result *result)
{
    const struct bidder *winner = NULL, *bidder;
    struct asked asked;
    int best = 0;
    assert(bidding.count > 0 && (probe->tape != NULL || probe->body.len > 0));
    size_t compared = find_asked(probe, &asked);
    struct turns turns = turns_of(probe, &asked);
    while ((bidder = next_turn(&turns)) != NULL && may_win(bidder, winner, best)) {
        if (envelopes && !bidder->decoder->envelope)
            continue;
        if (turns.signs && bidder->decoder->reads == READS_TREE &&
            probe_make_tree(probe, result) != 0)
            return -1;
        int bid = ask(probe, bidder);
        if (probe->bids != NULL)
            note(probe, bidder, bid, BID_ASKED);
        if (bid > best || (bid > 0 && bid == best && bidder->place < winner->place)) {
            best = bid;
            winner = bidder;
        }
    }
    if (probe->bids != NULL) {
        probe->bids->compared += compared;
        if (probe->bids->everyone)
            ask_the_others(probe, turns_of(probe, &asked), bidder);
        probe->bids->rounds++;
    }
    *ret_winner = winner == NULL ? NULL : winner->decoder;
    probe->bid = best;
    return 0;
}

int
decoder_by_bids(struct probe *probe, const struct decoder **ret_winner,
                struct decode_result *result)
{
    if (ask_in_turn(probe, false, ret_winner, result) != 0)
        return -1;
    return *ret_winner != NULL
               ? 0
               : decode_bad(result, QUARANTINE_UNKNOWN_FORMAT, "no decoder recognises the bytes");
}

int
envelope_by_bids(struct probe *probe, const struct decoder **ret_winner,
                 struct decode_result *result)
{
    return ask_in_turn(probe, true, ret_winner, result);
}

const struct decoder *
decoder_by_bytes(struct probe *probe)
{
    if (sv_empty(probe->bytes))
        return NULL;
    for (size_t i = 0; i < bidding.of_bytes.count; i++) {
        const struct bidder *bidder = &bidding.bidders[bidding.of_bytes.list[i]];
        if (!may_begin(bidder->decoder->info.first, (unsigned char)probe->bytes.ptr[0]))
            continue;
        int bid = ask(probe, bidder);
        if (probe->bids != NULL)
            note(probe, bidder, bid, BID_ASKED);
        if (bid == 0)
            continue;
        if (probe->bids != NULL)
            probe->bids->rounds++;
        return bidder->decoder;
    }
    return NULL;
}
