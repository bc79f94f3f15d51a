/*
 * Who somebody is, told from one record alone: for rules that count people before there is an
 * incident whose names could be compared. Pure; memory is the arena's.
 */
#ifndef CORRELATE_PEOPLE_WHO_H
#define CORRELATE_PEOPLE_WHO_H

#include "correlate/people/directory.h"
#include "correlate/people/list.h"

struct people_known {
    const struct people_list *list;
    const struct directory *directory;
};

/*
 * One text for all spellings of a person: the name that the team's list has, else the name of the
 * account in the tables of users without case, accents and the order of words. The actor as written
 * where that leaves nothing. False: list or table say that it is a program.
 */
bool who_is(struct arena *arena, const struct people_known *known, const struct event *event,
            struct sv actor, struct sv *ret_who);

#endif
