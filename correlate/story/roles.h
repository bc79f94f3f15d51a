/*
 * Roles over time: who has which role at each row, by what people and tools say (rules/roles.tsv):
 * they take one, give one to somebody, hand it on, or give it up. Names are those of people who
 * speak or act in the incident, found by the words of any of their spellings that no other person
 * has. A person has one role at a time, the last. Reads the rows of the incident up to the one at
 * hand; pure, memory is the story's.
 */
#ifndef CORRELATE_STORY_ROLES_H
#define CORRELATE_STORY_ROLES_H

#include "base/err.h"
#include "correlate/story/phrases.h"

#define ROLES_MAX 16
#define ROLE_PHRASES_MAX 96 /* of one kind */

struct story;

struct role_phrases {
    const struct words *at;
    size_t count;
};

struct role_rules {
    struct role {
        struct sv name;
        bool one; /* one person at a time */
        struct role_phrases words;
    } roles[ROLES_MAX];
    size_t count;
    struct role_phrases take, give, drop;
    struct words unless;
};

/* INTERNAL with the number of a line that cannot be read. */
int role_rules_parse(struct arena *arena, struct sv text, struct role_rules *ret_rules,
                     struct err *err) MUST_CHECK;
int role_rules_read(struct arena *arena, struct role_rules *ret_rules, struct err *err) MUST_CHECK;

/* Who had which role, from the row that says so to the row with which it ends. */
struct role_spans {
    const struct role_span {
        struct sv person, role;
        size_t from, to; /* rows; to: SIZE_MAX where no end is told */
        bool listed;     /* by a tool, which lists all roles that somebody has */
    } * at;              /* in the order of `from` */
    size_t count;
};

/* For each row the role that its actor has from there on; absent: none that is told. Notes
 * `role_begins` at the first row that shows somebody with it. Spans are of the scratch arena. */
void roles_of_rows(const struct story *story, struct sv *ret_roles, struct role_spans *ret_spans);

#endif
