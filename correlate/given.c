/*
 * From the records of given incidents to what is told of them: see given.h.
 */
#include "correlate/given.h"

#include <stdlib.h>

#include "correlate/group/episodes.h"
#include "correlate/run.h"

struct taking {
    struct arena *arena;
    const struct given *given;
    struct grouping grouping; /* settings alone: see node_of_records() */
    struct work_node *nodes;  /* one for each given node */
    struct work_record *records;
    size_t count;
    struct directory *directory;
};

static int
series_order(const void *left, const void *right)
{
    return record_series_cmp(left, right);
}

static void
take_records(struct taking *taking, const struct correlation_input *input)
{
    static const struct quiet_alerts none; /* what is quiet is told */
    struct deduped deduped;
    dedup(taking->arena, input, &deduped);
    directory_read(taking->arena, deduped.kept, deduped.count, taking->directory);
    directory_apply(taking->arena, taking->directory, deduped.kept, deduped.count);
    taking->records = ARENA_ARRAY(taking->arena, struct work_record,
                                  deduped.count + input->declaration_count + 1);
    for (size_t i = 0; i < deduped.count; i++)
        taking->count += record_of(taking->arena, &none, deduped.kept[i], input->scope,
                                   &taking->records[taking->count])
                             ? 1
                             : 0;
}

static void
take_declarations(struct taking *taking)
{
    const struct given *given = taking->given;
    for (size_t i = 0; i < given->declaration_count; i++)
        record_of_declaration(taking->arena, &given->declarations[i], given->scope,
                              &taking->records[taking->count++]);
    if (taking->count > 1)
        qsort(taking->records, taking->count, sizeof(taking->records[0]), series_order);
}

static int
id_order(const struct given_node *node, const struct work_record *record)
{
    if (node->first_ms != record->ms)
        return node->first_ms < record->ms ? -1 : 1;
    int order = sv_cmp(node->source, record->source);
    return order != 0 ? order : sv_cmp(node->uid, record->uid);
}

/* The place of the node that begins with this record, or NO_NODE. */
static size_t
node_begun_by(const struct given *given, const struct work_record *record)
{
    size_t low = 0, high = given->node_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = id_order(&given->nodes[middle], record);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NO_NODE;
}

static void
fill(struct taking *taking, size_t place, struct work_record *const *piece, size_t count)
{
    const struct given_node *given = &taking->given->nodes[place];
    struct work_node *node = &taking->nodes[place];
    node_of_records(&taking->grouping, node, piece, count, given->familiar);
    node->quiet = given->quiet;
    node->reason = given->reason;
    node->candidate = given->candidate;
}

/* Records between two nodes are background. */
static void
make_nodes(struct taking *taking)
{
    const struct work_record *records = taking->records;
    struct work_record **sorted =
        ARENA_ARRAY(taking->arena, struct work_record *, taking->count + 1);
    for (size_t i = 0; i < taking->count; i++)
        sorted[i] = &taking->records[i];
    for (size_t from = 0, to; from < taking->count; from = to) {
        size_t place = node_begun_by(taking->given, &records[from]);
        to = from + 1;
        if (place == NO_NODE)
            continue;
        while (to < taking->count && record_same_series(&records[from], &records[to]) &&
               records[to].ms <= taking->given->nodes[place].last_ms)
            to++;
        fill(taking, place, &sorted[from], to - from);
    }
}

/* Members in their order, then changes, of which some are members. */
static void
part(struct taking *taking, struct tell_input *input)
{
    const struct given *given = taking->given;
    struct work_node *members = ARENA_ARRAY(taking->arena, struct work_node, given->node_count + 1);
    const struct work_node **changes =
        ARENA_ARRAY(taking->arena, const struct work_node *, given->node_count + 1);
    size_t *places = ARENA_ARRAY(taking->arena, size_t, given->node_count + 1);
    for (size_t n = 0; n < given->node_count; n++) {
        if (given->nodes[n].incident != NO_NODE || given->nodes[n].told)
            places[n] = input->node_count++;
    }
    for (size_t n = 0; n < given->node_count; n++) {
        struct work_node *node = &taking->nodes[n];
        if (given->nodes[n].incident != NO_NODE || given->nodes[n].told) {
            members[places[n]] = *node;
            node = &members[places[n]];
        }
        if (given->nodes[n].incident != NO_NODE)
            node->incident = places[given->nodes[n].incident];
        if (node->role == NODE_CHANGE)
            changes[input->change_count++] = node;
    }
    input->nodes = members;
    input->changes = changes;
}

int
given_input(struct arena *arena, const struct teller *teller, const struct given *given,
            struct tell_input *ret_input, struct err *err)
{
    const struct correlation_input records = {.scope = given->scope,
                                              .observations = given->observations,
                                              .count = given->count,
                                              .declaration_count = given->declaration_count};
    struct taking taking = {.arena = arena,
                            .given = given,
                            .grouping = {.arena = arena, .config = teller->config},
                            .directory = ARENA_NEW(arena, struct directory)};
    struct background *background = ARENA_NEW(arena, struct background);
    *ret_input = (struct tell_input){.background = background,
                                     .directory = taking.directory,
                                     .hours = given->hours,
                                     .hour_count = given->hour_count,
                                     .alerts = given->alerts,
                                     .deciding = given->deciding};
    taking.nodes = ARENA_ARRAY(arena, struct work_node, given->node_count + 1);
    take_records(&taking, &records);
    if (given->lines != NULL)
        background_init(arena, given->lines, given->line_count, background);
    else
        background_init(arena, taking.records, taking.count, background);
    take_declarations(&taking);
    make_nodes(&taking);
    for (size_t n = 0; n < given->node_count; n++)
        if (taking.nodes[n].record_count == 0)
            return err_set(err, ERR_NOT_FOUND,
                           "no record has the uid " SV_FMT " that a node begins with",
                           SV_ARG(given->nodes[n].uid));
    part(&taking, ret_input);
    return 0;
}
