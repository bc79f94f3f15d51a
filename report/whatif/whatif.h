/*
 * What another configuration would change: two correlations of the same records, compared by the
 * records that their incidents hold. Pure but for the time zone in use; text that a record brought
 * is made harmless.
 */
#ifndef REPORT_WHATIF_WHATIF_H
#define REPORT_WHATIF_WHATIF_H

#include "base/strbuf.h"
#include "hindcast/correlation.h"

/* An entry whose significance would be another. */
struct significance_change {
    const struct entry *from, *to;
};

enum fate { FATE_SAME, FATE_CHANGED, FATE_GAINED, FATE_LOST, FATE_MERGED, FATE_SPLIT, FATES };
const char *fate_word(enum fate fate);

/* What becomes of an incident that is raised, and of whatever it shares a record with. */
struct incident_fate {
    enum fate fate;
    const struct incident *const *from; /* of now, in order of key */
    size_t from_count;
    const struct incident *const *to; /* of what would be */
    size_t to_count;
    const struct significance_change *changes; /* CHANGED: in the order of the timeline */
    size_t change_count;
    size_t came, went; /* CHANGED: entries of one alone */
};

struct what_if {
    const struct incident_fate *fates; /* in order of the smallest key */
    size_t count;
    size_t counts[FATES];
};

/*
 * Incidents that are raised in one of the two, and whose last sign is not before `since_ns`
 * (TIME_NONE: all). One that is raised and would only be counted is LOST, and the other way round
 * GAINED. In n log n of the records that incidents hold.
 */
void what_if_compare(struct arena *arena, const struct correlation *now,
                     const struct correlation *then, int64_t since_ns, struct what_if *ret_what_if);

/* Names an incident of now; empty: by its key. */
typedef struct sv (*incident_namer)(const void *context, const struct incident *incident);
struct what_if_names {
    incident_namer name;
    const void *context;
};

void what_if_text(const struct what_if *what_if, const struct what_if_names *names, size_t columns,
                  struct strbuf *out);
/* One object for each incident that would not be the same. */
void what_if_json(const struct what_if *what_if, const struct what_if_names *names, struct sv scope,
                  struct strbuf *out);

#endif
