/*
 * Names of an incident while they are joined to people: sets of aliases, each named by its smallest
 * one. Private to people.c and people_handles.c; lives in the scratch arena of the story.
 */
#ifndef CORRELATE_STORY_PEOPLE_SETS_H
#define CORRELATE_STORY_PEOPLE_SETS_H

#include "correlate/story/people.h"

/* A name as written, or one that a user table has for an account. */
struct alias {
    struct person_name name;
    const struct listed_person *listed; /* of the smallest alias: of its set */
    int64_t rows;
    size_t parent;
    struct sv account, system; /* absent: none is told */
    struct sv reason;          /* why it is in its set */
    struct sv doubt;           /* of the smallest alias: whose its set could be */
    const struct alias *shown; /* the same: which of them people_show() chose */
};

struct people {
    struct story *story;
    struct arena *arena;
    struct alias *all; /* in order of the bytes of their names */
    size_t count;
    struct counter places; /* of aliases, by name as written: place + 1 */
    struct counter joined; /* what they share: place + 1 of the first that had it */
};

size_t people_set(const struct people *people, size_t at);
/* False: they are one already, or the list says that they are two. */
bool people_join(struct people *people, size_t a, size_t b, struct sv reason);
/* What people read of a set: the list's name, else what looks most like a name, of these the one
 * written most often, then the smallest. */
void people_show(struct people *people); /* chooses, of all sets; they stay as they are from then */
struct sv people_shown(const struct people *people, size_t set);
/* people_handles.c: joins what is short for exactly one other, and says whose the rest could be. */
void people_join_handles(struct people *people);

#endif
