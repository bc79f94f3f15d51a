/*
 * A hand-made incident for tests of drafts: a deploy, two alerts, a chat with a wrong turn, a
 * rollback, recovery: the shape of a real one. Half of its records were loaded from a file.
 */
#ifndef TESTS_LIB_DEPLOY_INCIDENT_H
#define TESTS_LIB_DEPLOY_INCIDENT_H

#include "base/clock.h"
#include "hindcast/incident.h"

#define DEPLOY_BASE_NS (INT64_C(1772359200) * NS_PER_S) /* 2026-03-01T10:00:00Z */
#define DEPLOY_AT(minute) (DEPLOY_BASE_NS + (minute)*NS_PER_MINUTE)
#define DEPLOY_ENTRIES 16

struct deploy {
    struct entry entries[DEPLOY_ENTRIES];
    struct evidence evidence[DEPLOY_ENTRIES];
    enum milestone marks[DEPLOY_ENTRIES];
    char ids[DEPLOY_ENTRIES][33];
    struct milestone_row milestones[8];
    struct node nodes[2];
    const struct node *node_list[2];
    struct sv services[2];
    struct incident incident;
    size_t count;
};

/* The whole incident. It points into itself. */
void deploy_make(struct deploy *deploy);
/* The same, in which everything that records say is this text; entries have the urls in turn. */
void deploy_say(struct deploy *deploy, struct sv text, const char *const urls[4]);

/* For another one: a zeroed struct, rows in order of time, and the end. */
struct entry *deploy_add(struct deploy *deploy, int minute, enum record_kind record_kind,
                         enum entry_kind kind, enum act act, const char *actor, const char *text);
void deploy_finish(struct deploy *deploy);

#endif
