/*
 * What `hindcast why` looks up: see why.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "hindcast/evidence_place.h"
#include "report/why/why.h"

#define NAME_LEAST 4 /* characters of an id or a time that name a row */

static int
by_key(const void *left, const void *right)
{
    const struct node *const *a = left, *const *b = right;
    return sv_cmp((*a)->node_key, (*b)->node_key);
}

void
why_nodes_init(struct why_nodes *nodes, const struct incident *incident)
{
    *nodes = (struct why_nodes){.count = incident->node_count};
    nodes->at = memory_resize(NULL, nodes->count + 1, sizeof(*nodes->at));
    for (size_t i = 0; i < nodes->count; i++)
        nodes->at[i] = incident->nodes[i];
    if (nodes->count > 1)
        qsort(nodes->at, nodes->count, sizeof(*nodes->at), by_key);
}

void
why_nodes_release(struct why_nodes *nodes)
{
    free(nodes->at);
}

/* The node with this key; a quiet alert's reason goes on behind it (attach.c). */
static const struct node *
node_named(const struct why_nodes *nodes, struct sv words)
{
    const struct node wanted = {.node_key =
                                    sv_slice(words, 0, sv_find(words, SV("; opens nothing: ")))};
    const struct node *key = &wanted;
    const struct node *const *found =
        bsearch(&key, nodes->at, nodes->count, sizeof(*nodes->at), by_key);
    return found == NULL ? NULL : *found;
}

struct why_membership
why_membership(const struct why_nodes *nodes, struct sv stored)
{
    struct why_membership found = {.gap_ms = -1, .words = stored};
    static const char unit[] = " ms from ", bounds[] = "declared bounds of ";
    size_t at = sv_find(stored, SV(" ms from "));
    if (sv_starts(stored, SV("declared bounds of ")))
        found.other = node_named(nodes, sv_slice(stored, strlen(bounds), stored.len));
    if (at >= stored.len)
        return found;
    size_t comma = at;
    while (comma > 0 && stored.ptr[comma - 1] != ' ')
        comma--;
    int64_t gap;
    if (comma < 2 || !sv_to_int64(sv_slice(stored, comma, at), &gap))
        return found;
    found.gap_ms = gap;
    found.shares = sv_slice(stored, 0, comma - 2);
    found.other = node_named(nodes, sv_slice(stored, at + strlen(unit), stored.len));
    return found;
}

static bool
fits(const struct entry *entry, struct sv name)
{
    char time[TIME_TEXT];
    if (sv_starts_nocase(entry->entry_id, name))
        return true;
    time_format_zone(entry->time_ns, time);
    if (sv_find_char(name, ':') < name.len && sv_contains(sv_from(time), name))
        return true;
    if (entry->evidence_count == 0)
        return false;
    struct strbuf place;
    strbuf_init(&place, 0);
    evidence_put_place(&place, &entry->evidence[0]);
    bool same = sv_eq(strbuf_view(&place), name);
    strbuf_release(&place);
    return same;
}

size_t
why_find(const struct incident *incident, struct sv name, size_t *ret_places, size_t room)
{
    size_t count = 0;
    if (name.len < NAME_LEAST)
        return 0;
    for (size_t i = 0; i < incident->entry_count; i++)
        if (fits(&incident->entries[i], name)) {
            if (count < room)
                ret_places[count] = i;
            count++;
        }
    return count;
}

bool
why_act_proves(enum act act, enum milestone milestone)
{
    switch (milestone) {
    case MILESTONE_IMPACT_STARTED:
    case MILESTONE_DETECTED:
        return act == ACT_SYMPTOM || act == ACT_REPORT || act == ACT_DETECTION;
    case MILESTONE_DECLARED:
        return act == ACT_DECLARATION;
    case MILESTONE_ACKNOWLEDGED:
        return act == ACT_ACK || act == ACT_ROLE;
    case MILESTONE_CAUSE_IDENTIFIED:
        return act == ACT_FINDING || act == ACT_HYPOTHESIS;
    case MILESTONE_MITIGATED:
        return act == ACT_ACTION || act == ACT_ROLLBACK;
    case MILESTONE_RECOVERED:
        return act == ACT_RECOVERY;
    case MILESTONE_RESOLVED:
        return act == ACT_RESOLUTION;
    case MILESTONE_REOPENED:
        return act == ACT_SETBACK || act == ACT_SYMPTOM;
    case MILESTONE_NONE:
    case MILESTONE_COUNT:
        break;
    }
    return false;
}
