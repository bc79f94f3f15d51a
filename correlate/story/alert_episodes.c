/*
 * The alerts of a told incident: see alert_episodes() in incident.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "hindcast/incident.h"

struct place {
    struct sv key;
    size_t at; /* of its node */
};

static int
key_order(const void *left, const void *right)
{
    return sv_cmp(((const struct place *)left)->key, ((const struct place *)right)->key);
}

static bool
is_told_elsewhere(const struct entry *entry)
{
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, SV("same_alert")))
            return true;
    return false;
}

static bool
says_resolved(const struct entry *entry)
{
    bool resolved = entry->kind == ENTRY_ALERT_RESOLVED;
    for (size_t i = 0; i < entry->milestone_count; i++)
        resolved = resolved || entry->milestones[i] == MILESTONE_RESOLVED;
    return resolved;
}

static bool
says_alert(const struct entry *entry)
{
    return entry->kind == ENTRY_ALERT_FIRING || entry->kind == ENTRY_ALERT_SUPPRESSED ||
           says_resolved(entry);
}

/* Somebody took an alert, or it came to others: it was there, though no record has its beginning.
 */
static bool
implies_alert(const struct entry *entry)
{
    return entry->kind == ENTRY_ALERT_ACKNOWLEDGED || entry->kind == ENTRY_ESCALATION;
}

/* What has been looked at of a node. */
struct looked {
    struct alert_episode said, implied;
    bool elsewhere, more; /* more: it has entries that say nothing of the alert */
};

static void
take(struct alert_episode *episode, const struct entry *entry)
{
    if (episode->first == NULL)
        episode->first = entry;
    episode->last = entry;
    episode->records += entry->occurrences;
    episode->resolved = says_resolved(entry);
    if (entry->severity > episode->severity)
        episode->severity = entry->severity;
}

static void
look(struct looked *looked, const struct entry *entry)
{
    looked->elsewhere = looked->elsewhere || is_told_elsewhere(entry);
    if (says_alert(entry))
        take(&looked->said, entry);
    else
        looked->more = true;
    if (implies_alert(entry))
        take(&looked->implied, entry);
}

/* Records that repeat an entry have no entry: where there are no others, the node knows the last.
 */
static bool
episode_of(const struct node *node, const struct looked *looked, struct alert_episode *ret_episode)
{
    const struct alert_episode *found =
        looked->said.first != NULL ? &looked->said : &looked->implied;
    if (found->first == NULL || looked->elsewhere)
        return false;
    *ret_episode = *found;
    ret_episode->node = node;
    ret_episode->first_ns = found->first->time_ns;
    ret_episode->last_ns = looked->more ? found->last->time_ns : node->last_ns;
    if (node->severity > found->severity)
        ret_episode->severity = node->severity;
    return true;
}

size_t
alert_episodes(const struct incident *incident, struct alert_episode *ret_episodes)
{
    size_t count = incident->node_count, found = 0, nodes = 0;
    struct place *places = memory_calloc(count + 1, sizeof(*places));
    struct looked *looked = memory_calloc(count + 1, sizeof(*looked));
    for (size_t i = 0; i < count; i++)
        if (incident->nodes[i]->kind == EVENT_ALERT)
            places[nodes++] = (struct place){incident->nodes[i]->node_key, i};
    qsort(places, nodes, sizeof(*places), key_order);
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct place wanted = {.key = incident->entries[i].node_key};
        const struct place *place = bsearch(&wanted, places, nodes, sizeof(*places), key_order);
        if (place != NULL)
            look(&looked[place->at], &incident->entries[i]);
    }
    for (size_t i = 0; i < count; i++)
        found += episode_of(incident->nodes[i], &looked[i], &ret_episodes[found]);
    free(looked);
    free(places);
    return found;
}
