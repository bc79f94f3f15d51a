/*
 * Who is who, as a team wrote it down: a line has the name that is shown, a role (may be empty) and
 * the other names, which " | " separates; tabs stand between the three. The role "tool" makes it a
 * program, which counts as nobody. Read once a run; pure; memory is the arena's, views are those of
 * the text.
 */
#ifndef CORRELATE_PEOPLE_LIST_H
#define CORRELATE_PEOPLE_LIST_H

#include "base/err.h"
#include "correlate/people/names.h"

#define PEOPLE_LISTED_MAX 10000 /* names of a list, all of them */

struct listed_name {
    struct person_name name;
    size_t person;
};

struct listed_person {
    struct sv name, role; /* role: absent: none is told */
    bool tool;
};

struct people_list {
    const struct listed_person *people;
    size_t count;
    const struct listed_name *names; /* by key; an address is a name */
    size_t name_count;
};

/* CONFIG with the number of a line that cannot be read, or whose name is somebody else's, too. */
int people_list_read(struct arena *arena, struct sv text, struct people_list *ret_list,
                     struct err *err) MUST_CHECK;
/* NULL: not listed. */
const struct listed_person *
people_list_find(const struct people_list *list, const struct person_name *name);

#endif
