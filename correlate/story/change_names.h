/*
 * What a record of a change is called by: hashes of commits, the number of its pull request, its
 * version, the address of its pipeline, what it says. Texts live in the arena or in the row.
 */
#ifndef CORRELATE_CHANGE_NAMES_H
#define CORRELATE_CHANGE_NAMES_H

#include "correlate/story/rows.h"

#define CHANGE_HASHES_MAX 4 /* of one record; of more the first */
#define HASH_DIGITS_LEAST 7
#define HASH_DIGITS_MOST 64 /* SHA-256, as some repositories name their commits */

/* What a record tells of its change; the later ones are further done. */
enum change_stage { STAGE_TALK, STAGE_COMMIT, STAGE_PIPELINE, STAGE_MERGE, STAGE_DEPLOY };

struct change_names {
    enum change_stage stage;
    bool takes_back;                     /* reverts another change */
    struct sv hashes[CHANGE_HASHES_MAX]; /* lower case, 7 to 64 digits */
    size_t hash_count;
    struct sv pull;          /* digits of the number */
    struct sv repository;    /* its last part, lower case: "checkout-api" of "org/checkout-api" */
    struct sv version;       /* with its "v" where it has one; of deployments and talk alone */
    struct sv run;           /* address of a pipeline, without what follows "?" and "#" */
    struct sv subject;       /* what was changed, without numbers of pull requests */
    struct sv owner, branch; /* of a merge of a branch */
};

void change_names_of(struct arena *arena, const struct row *row, struct change_names *ret_names);
/* "from OWNER/BRANCH" of a merge. */
bool merged_branch(struct sv text, struct sv *ret_owner, struct sv *ret_branch);
/* The words of a branch, parted at "_" as well. */
struct words branch_words(struct arena *arena, struct sv branch);
/* Different words that stand in both, those of a branch parted at "_" as well. */
size_t branch_words_in(struct arena *arena, struct sv branch, const struct row *row);
/* "2.41.0" of "v2.41.0". */
struct sv version_number(struct sv version);
/* The last part of a path, lower case, without blanks around it. */
struct sv last_part(struct arena *arena, struct sv path);

#endif
