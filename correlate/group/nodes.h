/*
 * Nodes: what grouping works on. A record is one occurrence as grouping sees it; a node is an
 * episode of records of one series; keys are what nodes may share. Private to correlate/; memory is
 * the arena's of the run.
 */
#ifndef CORRELATE_GROUP_NODES_H
#define CORRELATE_GROUP_NODES_H

#include "hindcast/correlation.h"

#define NO_NODE SIZE_MAX

#define RECORD_KEYS_MAX KEY_KINDS /* one of each kind */

const char *key_kind_word(enum key_kind kind);
bool key_is_own(enum key_kind kind); /* what a familiar node still emits */

struct node_key {
    enum key_kind kind;
    struct sv value;
};

enum node_role { NODE_ALERT, NODE_DECLARED, NODE_CHANGE, NODE_LOG, NODE_CHAT };
/* Alerts that open nothing: of a low severity, or of no trouble at all; see quiet.h. */
enum quiet { QUIET_NOT, QUIET_MINOR, QUIET_NO_TROUBLE };
enum life { LIFE_FIRING, LIFE_FOLLOWS, LIFE_RESOLVED };

/* One occurrence, as far as grouping sees it. */
struct work_record {
    int64_t ms;
    struct sv source, uid; /* uid: hex */
    enum node_role role;
    struct sv fingerprint;
    enum life life;
    struct node_key keys[RECORD_KEYS_MAX];
    size_t key_count;
    struct sv explicit_id;
    int severity;
    enum quiet quiet;
    struct sv quiet_reason;                /* absent: not quiet */
    const struct observation *observation; /* NULL for a declaration */
    const struct declaration *declaration; /* of NODE_DECLARED */
};

/* An episode. Its id is (first_ms, source, uid) of its smallest record. */
struct work_node {
    int64_t first_ms, last_ms;
    struct sv source, uid;
    enum node_role role;
    const struct node_key *keys; /* all that its records have: sorted, once each */
    size_t key_count;
    const struct node_key *raw; /* the same before it is known whether it is familiar */
    size_t raw_count;
    struct sv explicit_id;
    int severity;
    bool familiar;
    bool fires;             /* one of its records does */
    enum quiet quiet;       /* of an alert: other than QUIET_NOT, it attaches and opens nothing */
    struct sv quiet_reason; /* absent: not quiet */
    const struct work_record *const *records; /* in order (ms, uid) */
    size_t record_count;
    const struct declaration *declaration;

    /* results */
    size_t group;         /* opening: smallest node of its group; NO_NODE before settling */
    size_t component;     /* opening: smallest node of what was connected when short enough */
    struct sv group_id;   /* explicit id of the group, absent when it has none */
    size_t incident;      /* smallest node of its incident, or NO_NODE */
    size_t before;        /* of talk: its channel's last node; NO_NODE: none, or not talk */
    size_t thread;        /* of talk: what it follows in its thread; NO_NODE: nothing */
    size_t attached_to;   /* attaching: the opening node, or NO_NODE */
    bool follows;         /* it is attached where `thread` is, because of that */
    bool opens_candidate; /* of talk and changes: with others it opened a candidate incident */
    const struct candidate *candidate; /* of the smallest of those nodes, else NULL */
    struct sv reason;
};

static inline bool
node_opens(const struct work_node *node)
{
    return node->role == NODE_DECLARED || (node->role == NODE_ALERT && node->quiet == QUIET_NOT);
}

/* Opens an incident: of alerts, by declaration, or as a candidate. */
static inline bool
node_opens_any(const struct work_node *node)
{
    return node_opens(node) || node->opens_candidate;
}

/* The keys of this kind, sorted by value. */
const struct node_key *
node_keys_of(const struct work_node *node, enum key_kind kind, size_t *ret_count);
bool node_has_key(const struct work_node *node, const struct node_key *key);
/* "TIME/SOURCE/UIDHEX" */
struct sv node_key_text(struct arena *arena, const struct work_node *node);
int node_id_cmp(const struct work_node *a, const struct work_node *b);
int node_key_cmp(const struct node_key *a, const struct node_key *b);
/* True if a declaration's filter of service or channel lets this node pass. */
bool declaration_accepts(const struct declaration *declaration, const struct work_node *node);

#endif
