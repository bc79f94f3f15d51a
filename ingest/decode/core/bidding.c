/*
 * The table of decoders, and which of them decodes a record: those that read what it is (text, a
 * tape, a tree) bid in the order of the table, and the highest bid wins. Filled once, then read by
 * every worker's thread.
 */
#include <assert.h>

#include "base/strbuf.h"
#include "ingest/decode/core/decoder_internal.h"

static const struct decoder *const decoders[] = {
#define DECODER(name, title, kinds, identity, reference) &decoder_##name,
#include "hindcast/decoders.def"
#undef DECODER
};

static const struct decoder_info infos[] = {
#define DECODER(name, title, kinds, identity, reference) {#name, title, kinds, identity, reference},
#include "hindcast/decoders.def"
#undef DECODER
    {NULL, NULL, NULL, NULL, NULL},
};

#define DECODERS (sizeof(decoders) / sizeof(decoders[0]))

const struct decoder_info *
decoder_table(void)
{
    return infos;
}

const struct decoder *
decoder_find(struct sv name)
{
    for (size_t i = 0; i < DECODERS; i++)
        if (decoders[i]->name == name.ptr)
            return decoders[i];
    for (size_t i = 0; i < DECODERS; i++)
        if (sv_eq(sv_from(decoders[i]->name), name))
            return decoders[i];
    return NULL;
}

int
probe_make_tree(struct probe *probe, struct decode_result *result)
{
    enum tree_problem problem;
    if (probe->json == NULL && probe->tape != NULL)
        probe->json = tree_parse(probe->arena, probe->tape->text, &problem);
    if (probe->json == NULL && probe->tape != NULL)
        return decode_bad(result, QUARANTINE_SYNTAX, "JSON, but its numbers cannot be read");
    return 0;
}

/* All fields that tell READS_TREE decoders that they may be meant. */
static struct field_list tree_signs;

/* Who is asked about what: the order of the table, in which equal bids are settled. */
static struct bidders {
    const struct decoder *decoders[DECODERS + 1]; /* ends with NULL */
} of_text, of_tape, of_tree;

/* Is what tells its records outside their value as well, so that it is asked about any? */
static bool
marked_in_headers(const struct decoder *decoder)
{
    return decoder == &decoder_cloudevents;
}

static const struct bidders *
bidders_for(const struct probe *probe)
{
    if (probe->tape == NULL)
        return &of_text;
    return tape_has(probe->tape, &tree_signs) ? &of_tree : &of_tape;
}

int
decoder_by_bids(struct probe *probe, const struct decoder **ret_winner,
                struct decode_result *result)
{
    int best = 0;
    *ret_winner = NULL;
    for (const struct decoder *const *one = bidders_for(probe)->decoders; *one != NULL; one++) {
        const struct decoder *decoder = *one;
        if (decoder->highest <= best)
            continue;
        bool tree = decoder->reads == READS_TREE && probe->tape != NULL;
        bool may = tree && decoder->may(probe->tape);
        if (tree && !may && !marked_in_headers(decoder))
            continue;
        if (may && probe_make_tree(probe, result) != 0)
            return -1;
        int bid = decoder->bid(probe);
        assert(bid <= decoder->highest);
        if (bid > best) {
            best = bid;
            *ret_winner = decoder;
        }
    }
    return *ret_winner != NULL
               ? 0
               : decode_bad(result, QUARANTINE_UNKNOWN_FORMAT, "no decoder recognises the bytes");
}

static void
add_bidder(struct bidders *bidders, const struct decoder *decoder)
{
    size_t count = 0;
    while (bidders->decoders[count] != NULL)
        count++;
    bidders->decoders[count] = decoder;
}

static void
register_bidder(const struct decoder *decoder)
{
    bool anywhere = marked_in_headers(decoder);
    if (decoder->reads == READS_TEXT || anywhere)
        add_bidder(&of_text, decoder);
    if (decoder->reads == READS_TAPE || anywhere)
        add_bidder(&of_tape, decoder);
    if (decoder->reads != READS_TEXT)
        add_bidder(&of_tree, decoder);
}

void
decoders_register(void)
{
    static struct strbuf signs;
    strbuf_init(&signs, 0);
    for (size_t i = 0; unwrap_lists[i] != NULL; i++)
        tape_register(unwrap_lists[i]);
    for (size_t i = 0; i < DECODERS; i++) {
        register_bidder(decoders[i]);
        for (size_t j = 0; decoders[i]->lists != NULL && decoders[i]->lists[j] != NULL; j++) {
            tape_register(decoders[i]->lists[j]);
            if (decoders[i]->reads == READS_TREE)
                strbuf_addf(&signs, "%s%s", signs.len > 0 ? "|" : "", decoders[i]->lists[j]->paths);
        }
    }
    tree_signs.paths = signs.ptr; /* as long as the process */
    tape_register(&tree_signs);
}
