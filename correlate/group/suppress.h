/*
 * Alerts that a team's rules suppress: they open no incident, are stored and counted like others,
 * and keep the name of the rule as their reason. Rules are lines of a text (correlate.suppress, see
 * docs/correlation.md) that is part of the applied configuration. All of it is told by times of
 * events, after the fact: whatever the order in which alerts came, a rule that is changed and
 * applied leaves what it would have left from the start. Pure; memory is the arena's, views are the
 * text's.
 *
 *     inhibit    NAME  SOURCE-MATCHERS  TARGET-MATCHERS  EQUAL-LABELS
 *     window     NAME  FROM  TO  MATCHERS
 *     flapping   NAME  COUNT  TIME  MATCHERS
 */
#ifndef CORRELATE_GROUP_SUPPRESS_H
#define CORRELATE_GROUP_SUPPRESS_H

#include "base/err.h"
#include "correlate/group/nodes.h"

#define SUPPRESS_RULES_MAX 1000
#define SUPPRESS_LABELS_MAX 16 /* matchers of one side, or labels that are to be equal */
#define SUPPRESS_FLAPS_MAX 1000
/* An alert that begins this long before the one that inhibits it is inhibited all the same. */
#define SUPPRESS_LEAD_MS 60000

enum suppress_kind { SUPPRESS_INHIBIT, SUPPRESS_WINDOW, SUPPRESS_FLAPPING };

/* "name=value", "name!=value"; "*" in a value stands for any text. */
struct suppress_matcher {
    struct sv label, value;
    bool differs;
};

struct suppress_side {
    struct suppress_matcher matchers[SUPPRESS_LABELS_MAX];
    size_t count; /* 0: every alert */
};

struct suppress_rule {
    enum suppress_kind kind;
    struct sv name;
    struct suppress_side source; /* of an inhibition */
    struct suppress_side target;
    struct sv equal[SUPPRESS_LABELS_MAX];
    size_t equal_count;
    int64_t from_ms, to_ms;   /* of a window */
    int64_t count, within_ms; /* of flapping */
};

struct suppress_rules {
    const struct suppress_rule *rules;
    size_t count;
};

/* CONFIG with the number of a line that cannot be read. An absent text has no rules. */
int suppress_rules_read(struct arena *arena, struct sv text, struct suppress_rules *ret_rules,
                        struct err *err) MUST_CHECK;
/* Sets what is quiet, and why, of alerts that are not; of several rules the first counts. */
void suppress_records(struct arena *arena, const struct suppress_rules *rules,
                      const struct correlation_config *config, struct work_record *records,
                      size_t count);

/* suppress_labels.c: the labels of an alert, `attributes` (or NULL) those that its event has left.
 */
struct suppress_labels {
    struct arena *arena;
    const struct event *event;
    void *attributes; /* json_t *; see suppress_labels_open() */
};
void suppress_labels_open(struct arena *arena, const struct event *event,
                          struct suppress_labels *ret_labels);
void suppress_labels_close(struct suppress_labels *labels);
/* Empty where the alert has no such label; lives as long as the labels are open. */
struct sv suppress_label(const struct suppress_labels *labels, struct sv name);
bool suppress_matches(const struct suppress_side *side, const struct suppress_labels *labels);

#endif
