/*
 * What a record tells of its speaker beside the name: accounts, addresses, other names of a user
 * table. Read out of the attributes of its event; pure, in the arena given.
 */
#ifndef CORRELATE_STORY_PEOPLE_KNOWN_H
#define CORRELATE_STORY_PEOPLE_KNOWN_H

#include "base/arena.h"
#include "hindcast/event.h"

#define KNOWN_NAMES_MAX 4

struct known_speaker {
    struct sv system;  /* whose account it is: "slack" */
    struct sv account; /* absent: none is told */
    struct sv address; /* of mail; absent: none is told */
    struct sv names[KNOWN_NAMES_MAX];
    size_t name_count;
};

void
known_speaker_read(struct arena *arena, const struct event *event, struct known_speaker *ret_known);

#endif
