/*
 * What two nodes share, and what that weighs: definition 4. Serves links and attachments.
 */
#ifndef CORRELATE_GROUP_SCORE_H
#define CORRELATE_GROUP_SCORE_H

#include "correlate/group/nodes.h"

/* What a pair shares: the strongest key of each kind, strongest first. */
struct pair_score {
    int total;
    int64_t gap_ms;
    struct {
        int weight;
        const struct node_key *key;
    } shown[KEY_KINDS];
    size_t shown_count;
    int talk;       /* points of what talk is about, of topic.h; 0: not judged */
    struct sv said; /* why; absent: nothing */
};

/*
 * `alive_ms`: end of the earlier node's life; `limit_ms`: replaces the gaps of all keys when not
 * negative.
 */
void pair_score(const struct correlation_config *config, const struct work_node *earlier,
                const struct work_node *later, int64_t alive_ms, int level, int64_t limit_ms,
                struct pair_score *ret_score);
/* "service checkout (500), 42000 ms from NODE" */
struct sv
pair_score_text(struct arena *arena, const struct pair_score *score, const struct work_node *to);

#endif
