/*
 * Tables of users: what the tools say of the people behind accounts. A record of kind `person`
 * tells one account: `fingerprint` is the account, `actor` the name that people read (or the handle
 * of a group), `body` all names and addresses with "|" between, actor_type whether it is a
 * program; `users` of its attributes are the accounts of a group. Such a record has no time and may
 * come before or after the messages, or in another file: it is looked up when all of a scope is
 * known. Pure; memory is the arena's.
 */
#ifndef CORRELATE_PEOPLE_DIRECTORY_H
#define CORRELATE_PEOPLE_DIRECTORY_H

#include "base/arena.h"
#include "hindcast/correlation.h"

#define DIRECTORY_NAMES_MAX 6    /* of an account; further ones do not count */
#define DIRECTORY_MEMBERS_MAX 20 /* of a group; further ones are nobody's who is told */

struct directory_entry {
    struct sv system, account;
    struct sv shown;
    struct sv names[DIRECTORY_NAMES_MAX]; /* with addresses */
    size_t name_count;
    struct sv members[DIRECTORY_MEMBERS_MAX]; /* accounts, in their order */
    size_t member_count;
    bool tool, group;
};

struct directory {
    const struct directory_entry *at; /* by system and account */
    size_t count;
};

/* Whose account an event tells: "slack" of "slack:ops", "mattermost" of mattermost_api. */
struct sv directory_system(const struct event *event);
/* Of all observations that count. */
void directory_read(struct arena *arena, const struct observation *const *kept, size_t count,
                    struct directory *ret_directory);
/* NULL: nobody is told. */
const struct directory_entry *
directory_find(const struct directory *directory, struct sv system, struct sv account);
/*
 * The text with names for accounts: "@U1", "<@123>" and "@ann:example.org" where the directory
 * knows them; blanks of a name become no-break spaces. The text itself where it names none.
 */
struct sv directory_text(struct arena *arena, const struct directory *directory, struct sv system,
                         struct sv text);
/* What messages call by accounts, by names instead: changes which observations `kept` points to. */
void directory_apply(struct arena *arena, const struct directory *directory,
                     const struct observation **kept, size_t count);

#endif
