/*
 * What is known of the speaker of a record beside the name: account, address, other names of a user
 * table. Read out of the attributes of its event and the tables of its scope; pure, in the arena
 * given.
 */
#ifndef CORRELATE_STORY_PEOPLE_KNOWN_H
#define CORRELATE_STORY_PEOPLE_KNOWN_H

#include "base/arena.h"
#include "correlate/people/directory.h"

#define KNOWN_NAMES_MAX 8

struct known_speaker {
    struct sv system;  /* whose account it is: "slack" */
    struct sv account; /* absent: none is told */
    struct sv address; /* of mail; absent: none is told */
    struct sv names[KNOWN_NAMES_MAX];
    size_t name_count;
    bool tool; /* the table says that it is a program */
};

void known_speaker_read(struct arena *arena, const struct directory *directory,
                        const struct event *event, struct known_speaker *ret_known);

#endif
