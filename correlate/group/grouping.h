/*
 * Grouping: from records to incidents. The definitions (docs/correlation.md) are numbered there and
 * here alike. Input is a set of records without doubles; output are nodes in order of their id,
 * each opening node with its incident, each attaching node with the opening node it hangs on.
 * Integers only: milliseconds and thousandths. One pass over the whole set, for one scope; memory
 * is the arena's.
 */
#ifndef CORRELATE_GROUPING_H
#define CORRELATE_GROUPING_H

#include "hindcast/correlation.h"

#define LEVELS_MAX 4
#define CANDIDATE_KEYS 16 /* times `neighbours`: the most candidates of one kind of key */
#define NO_NODE SIZE_MAX

/* In the order in which a node has its keys. KEY(name, word, gap in seconds, weight, own) */
#define GROUPING_KEYS(KEY)                                                                         \
    KEY(CORRELATION, "correlation", 86400, 1000, true)                                             \
    KEY(TRACE, "trace", 1800, 1000, true)                                                          \
    KEY(DEPLOY, "deploy", 1800, 600, true)                                                         \
    KEY(HOST, "host", 600, 600, false)                                                             \
    KEY(SERVICE, "service", 1200, 500, false)                                                      \
    KEY(EDGE, "edge", 600, 500, false)                                                             \
    KEY(SCOPE, "scope", 1800, 500, false)                                                          \
    KEY(NAME, "name", 300, 300, false)                                                             \
    KEY(TEXT, "text", 600, 300, false)                                                             \
    KEY(REGION, "region", 600, 100, false)                                                         \
    KEY(TEAM, "team", 600, 100, false)                                                             \
    KEY(FINGERPRINT, "fingerprint", 14400, 1000, true)

enum key_kind {
#define KEY(name, word, gap, weight, own) KEY_##name,
    GROUPING_KEYS(KEY)
#undef KEY
        KEY_KINDS
};

#define RECORD_KEYS_MAX KEY_KINDS /* one of each kind */

const char *key_kind_word(enum key_kind kind);
int64_t key_gap_ms(enum key_kind kind);
int key_weight(enum key_kind kind);
bool key_is_own(enum key_kind kind); /* what a familiar node still emits */

struct node_key {
    enum key_kind kind;
    struct sv value;
};

enum node_role { NODE_ALERT, NODE_DECLARED, NODE_CHANGE, NODE_LOG, NODE_CHAT };
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
    struct sv explicit_id;
    int severity;
    bool familiar;
    const struct work_record *const *records; /* in order (ms, uid) */
    size_t record_count;
    const struct declaration *declaration;

    /* results */
    size_t group;       /* opening: smallest node of its group; NO_NODE before settling */
    struct sv group_id; /* explicit id of the group, absent when it has none */
    size_t incident;    /* smallest node of its incident, or NO_NODE */
    size_t attached_to; /* attaching: the opening node, or NO_NODE */
    struct sv reason;
};

/* What a pair shares: the strongest key of each kind, strongest first. */
struct pair_score {
    int total;
    int64_t gap_ms;
    struct {
        int weight;
        const struct node_key *key;
    } shown[KEY_KINDS];
    size_t shown_count;
};

struct node_link {
    size_t a, b; /* earlier, later */
    int scores[LEVELS_MAX + 1];
    int64_t gap_ms;
    bool by_bounds; /* an alert inside declared bounds; holds at every level */
};

struct key_row {
    const struct node_key *key;
    size_t node;
};

struct grouping {
    struct arena *arena;
    const struct correlation_config *config;
    struct work_node *nodes; /* in order of id */
    size_t node_count;
    struct key_row *index; /* keys of opening nodes, by (key, node) */
    size_t index_count;
    struct node_link *links;
    size_t link_count;
    size_t *around; /* links of node n: around[around_at[n]] .. around_at[n + 1] */
    size_t *around_at;
    struct work_node *const *named; /* opening nodes with a group_id, by (group_id, node) */
    size_t named_count;
};

static inline bool
node_opens(const struct work_node *node)
{
    return node->role == NODE_ALERT || node->role == NODE_DECLARED;
}

/* The whole of it: definitions 1 to 8. `records` is sorted in place. */
void grouping_run(struct arena *arena, const struct correlation_config *config,
                  struct work_record *records, size_t count, struct grouping *ret_grouping);

/* The steps, in order. */
void episodes_build(struct grouping *grouping, struct work_record *records, size_t count);
void links_build(struct grouping *grouping);
void settle_groups(struct grouping *grouping);
void attach_nodes(struct grouping *grouping);

/* The keys of this kind, sorted by value. */
const struct node_key *
node_keys_of(const struct work_node *node, enum key_kind kind, size_t *ret_count);
/* "TIME/SOURCE/UIDHEX" */
struct sv node_key_text(struct arena *arena, const struct work_node *node);
int node_id_cmp(const struct work_node *a, const struct work_node *b);
int node_key_cmp(const struct node_key *a, const struct node_key *b);

/*
 * Definition 4. `alive_ms`: end of the earlier node's life; `limit_ms`: replaces the gaps of all
 * keys when not negative.
 */
void pair_score(const struct correlation_config *config, const struct work_node *earlier,
                const struct work_node *later, int64_t alive_ms, int level, int64_t limit_ms,
                struct pair_score *ret_score);
/* "service checkout (500), 42000 ms from NODE" */
struct sv
pair_score_text(struct arena *arena, const struct pair_score *score, const struct work_node *to);
bool link_holds(const struct grouping *grouping, const struct node_link *link, int level);
/* Stronger links first: score of the level, then smaller gap, then ids. */
int link_strength_cmp(const struct node_link *a, const struct node_link *b, int level);

/* The first opening node with this key whose number is `node` or more, as place in the index. */
size_t key_index_at(const struct grouping *grouping, const struct node_key *key, size_t node);

/* Does a declaration's filter of service or channel let this node pass? */
bool declaration_accepts(const struct declaration *declaration, const struct work_node *node);

#endif
