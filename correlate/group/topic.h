/*
 * What talk is about. Being said in the same scope at the same time is not enough: a channel that
 * talks of something else (a cake) belongs to no incident. Its name, the words that it shares with
 * the opening node, people of that who speak in it, what its messages do, and that it went on
 * before with the same node decide. Pure. Reads of the talk its channel's name, its first messages
 * (words, phase, who) and that; of the opening node service, host and title of its first record,
 * who had to do with the first ones, and in which incident it is; of what the channel's episode
 * before hangs on the incident alone.
 */
#ifndef CORRELATE_GROUP_TOPIC_H
#define CORRELATE_GROUP_TOPIC_H

#include "correlate/group/grouping.h"
#include "correlate/story/languages.h"

#define TOPIC_POINTS_LEAST 2 /* of talk that is about the node */
#define TOPIC_WORDS_MAX 4    /* that the reason tells */

struct topic {
    int points;
    struct sv reason; /* "talk of checkout, 502": absent where nothing was found */
};

/* A chat of a channel that is told; other nodes are not judged. */
bool topic_is_judged(const struct grouping *grouping, const struct work_node *node);
/* One record of talk says something: a line or alert of the same fingerprint is no message. */
static inline bool
topic_is_said(const struct observation *observation)
{
    return observation->event.kind == EVENT_CHAT || observation->event.kind == EVENT_NOTE;
}
/* `before`: the opening node to which the channel's episode before belongs, or NULL. */
struct topic topic_of(const struct grouping *grouping, const struct work_node *talk,
                      const struct work_node *opening, const struct work_node *before);

#endif
