/*
 * Candidates of a part of a scope: after nodes came, went or became others, what candidates_find()
 * would give for the whole scope, found in a window of time around them. Which window is enough is
 * not known before, so it is run, looked at and widened until what lies outside can change nothing.
 * Pure but for the source; memory is the arena's.
 *
 * Two things are proven of the interval that is handed back, the interior:
 * - each loose node that overlaps it has the candidate, reason and mark of the whole scope;
 * - what changed gave or took no candidate of a loose node that does not overlap it.
 * So who keeps candidates takes those of the interior and keeps the others.
 *
 * How far each rule reaches, in both arguments (correlate/story/reads.def, settings):
 *
 *   signs      of a row look 24 h back (changes taken back, named channels, shapes of lines) and 24
 *              h ahead (reverts of the like, alerts beside a line). What changed changes signs as
 *              far in the other direction.
 *   opening    a sign opens with those TOGETHER (60 min) around it.
 *   talk       goes on over talk_gap, or TOGETHER for what opens. Its state is known where a pause
 *              is longer, or where nothing opened for max_span: what lies before does not matter.
 *   stretches  of a change begin up to 24 h before its sign: at what it takes back, or tells of.
 *   joining    SAME_TROUBLE (30 min): stretches with such a gap before and after them are joined
 *              without any others, whatever max_span and names of channels make of them: joining
 *              goes from left to right, and none that lies before is near enough to take part. So a
 *              gap is enough, and only a gap is.
 *   bounds     bounds_before or TOGETHER before a candidate, bounds_after_change after it. A node
 *              hangs on the candidate that starts nearest to where it begins, so all that may hold
 *              it, however long it is, must lie in the window, or farther away than the one it has,
 *              or be known from the last time (`kept`).
 *   nodes      are not cut: a node at a border of any of these takes part as a whole.
 *
 * What people's lists and tables of users say has no time: where they change, all candidates may.
 *
 * Cost follows how dense the scope is around what changed: the window ends where talk pauses and
 * reverts leave a gap. Where they leave none for CANDIDATE_WINDOW_MAX_MS, the scope must be
 * computed whole.
 */
#ifndef CORRELATE_CANDIDATE_WINDOW_H
#define CORRELATE_CANDIDATE_WINDOW_H

#include "correlate/candidate/candidates.h"

/* So far before and after what changed is read at most: 14 days. */
#define CANDIDATE_WINDOW_MAX_MS (14 * 24 * INT64_C(3600000))

/* What may not be left out; tests leave out one at a time, and must notice. */
enum window_rule {
    WINDOW_SIGN_BACK = 1,
    WINDOW_SIGN_AHEAD = 2,
    WINDOW_TOGETHER = 4,
    WINDOW_TALK_GAP = 8,
    WINDOW_TALK_SPAN = 16,
    WINDOW_SINCE = 32,
    WINDOW_NEAR = 64,
    WINDOW_BOUNDS = 128,
    WINDOW_WHOLE_NODES = 256,
    WINDOW_KEPT_OUTSIDE = 512, /* what lies in the interior is not kept */
    WINDOW_RULES = 1023
};

/* What candidates are found by. */
struct candidate_finding {
    const struct correlation_config *config;
    const struct candidate_rules *rules;
    const struct phrase_rules *phrases;
    const struct people_known *people;
    unsigned windows; /* WINDOW_RULES */
};

struct window_nodes {
    /*
     * In order of id, all that overlap the window: of talk, changes and log lines those that are
     * loose, with `incident` NO_NODE, and those of an incident of alerts or of a declaration, with
     * any other; alerts and declarations that open. As grouping leaves them before candidates are
     * found. Of log lines the first record is enough, of nodes of an incident as well; more do no
     * harm. The function writes into them.
     */
    struct work_node *nodes;
    size_t count;
    const struct background *background; /* of the log lines in the window; more do no harm */
};

/* What a node hung on when candidates were found last. */
enum window_kept {
    KEPT_UNKNOWN, /* it was not there, began with another record, or was not loose */
    KEPT_LOOSE,   /* it was loose, and on no candidate */
    KEPT_HANGS    /* it was on the one that is told */
};

/*
 * Both may fail. `read` is asked again for wider windows; what it gives is the arena's. `kept` may
 * be NULL; it is asked of nodes that begin so long before the window that one farther back may hold
 * them, as lines do that are logged for weeks: what they hung on outside of the interior they still
 * hang on, unless a candidate of the window starts nearer.
 */
struct window_source {
    void *context;
    int (*read)(void *context, struct arena *arena, int64_t from_ms, int64_t to_ms,
                struct window_nodes *ret_nodes, struct err *err);
    int (*kept)(void *context, const struct work_node *node, enum window_kept *ret_kept,
                struct candidate_reach *ret_candidate, struct err *err);
};

/*
 * A node that came, went, became another, was attached or detached: its time, before and after. Of
 * a node of log lines that has more or fewer records at its end: from where it ended to where it
 * ends.
 */
struct candidate_dirt {
    enum node_role role;
    int64_t from_ms, to_ms;
};

struct candidate_window {
    bool proven;            /* else nothing below but what was read: compute the scope whole */
    int64_t from_ms, to_ms; /* the interior, both ends included */
    const struct work_node *nodes; /* that were read, with what was found */
    size_t node_count;
    const size_t *loose; /* places of those that are loose and overlap the interior, in order */
    size_t loose_count;
    const bool *stays; /* per node: it hangs on what it is kept with, outside of the interior */
    int64_t read_from_ms, read_to_ms; /* the window */
    size_t runs;
};

/* One interior for all; `count` is 1 or more. */
int candidate_window(struct arena *arena, const struct candidate_finding *finding,
                     const struct window_source *source, const struct candidate_dirt *dirt,
                     size_t count, struct candidate_window *ret_window, struct err *err) MUST_CHECK;

/*
 * An interior for each lot of what changed, in order of time, so that what lies far apart does not
 * make one window of all between. Lots are asked together where their interiors meet: each is
 * proven in the scope as all of them left it, and a gap beside one must not be of another's making.
 */
struct candidate_windows {
    bool proven; /* all of them; else compute the scope whole */
    const struct candidate_window *at;
    size_t count;
};
int
candidate_windows(struct arena *arena, const struct candidate_finding *finding,
                  const struct window_source *source, const struct candidate_dirt *dirt,
                  size_t count, struct candidate_windows *ret_windows, struct err *err) MUST_CHECK;

#endif
