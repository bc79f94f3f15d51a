/*
 * Signs that something is wrong, found in talk and changes that belong to no incident: each from
 * the node's own records, but for a change that is taken back, which looks for the change it takes
 * back (reads.def). Which signs there are: signs.def; what they weigh and the words they are known
 * by: rules/candidates.tsv. Pure; memory is the arena's.
 */
#ifndef CORRELATE_CANDIDATE_SIGNS_H
#define CORRELATE_CANDIDATE_SIGNS_H

#include "correlate/people/who.h"
#include "correlate/story/rows.h"

#define CANDIDATE_LINES_MAX 16 /* of one sign */

enum sign_kind {
#define SIGN(name, word, about) SIGN_##name,
#include "correlate/candidate/signs.def"
    SIGNS
};

/* The signs' weights and words, and names of channels that are about incidents in general. */
struct candidate_rules {
    struct sign_rule {
        int weight; /* 0: it does not count */
        const struct words *phrases[CANDIDATE_LINES_MAX];
        size_t phrase_counts[CANDIDATE_LINES_MAX], lines;
    } signs[SIGNS + 1]; /* the last one: other_channel */
};

/* CONFIG with the number of a line that cannot be read; of two weights of a sign the first counts.
 */
int candidate_rules_read(struct arena *arena, struct sv text, struct candidate_rules *ret_rules,
                         struct err *err) MUST_CHECK;

struct sign {
    int64_t ns;
    size_t node;
    enum sign_kind kind;
    int weight;
    struct sv place;   /* channel with '#', or source */
    struct sv who;     /* speaker or author, one text for all spellings: see people/who.h */
    size_t taken_back; /* of a change that takes another one back: its node, else NO_NODE */
    int64_t since_ns;  /* when that was made; else the sign's time */
    struct sv text;    /* of a change */
    bool opens;        /* with others near it */
};

struct signs {
    struct sign *at; /* in order of time, node and kind */
    size_t count;
    bool *ends; /* per node: talk ends with words that end an incident */
};

void candidate_signs(struct arena *arena, const struct candidate_rules *rules,
                     const struct phrase_rules *phrases, const struct background *background,
                     const struct people_known *people, const struct grouping *grouping,
                     struct signs *ret_signs);

/* True for a node of talk or of changes that belongs to no incident. */
static inline bool
node_is_loose(const struct work_node *node)
{
    return node->incident == NO_NODE && node->quiet == QUIET_NOT &&
           (node->role == NODE_CHAT || node->role == NODE_CHANGE || node->role == NODE_LOG);
}

/* Where a node's talk is, or what its changes are of. */
struct sv node_place(struct arena *arena, const struct work_node *node);

#endif
