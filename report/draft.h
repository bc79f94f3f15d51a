/*
 * A draft in the making: what its sections share. It belongs to one call of report_document();
 * nothing here is seen outside report/.
 */
#ifndef REPORT_DRAFT_H
#define REPORT_DRAFT_H

#include "base/clock.h"
#include "hindcast/document.h"
#include "hindcast/report.h"
#include "report/entry_index.h"

struct draft {
    const struct incident *incident;
    const struct report_context *context;
    struct document *document;
    struct entry_index by[ENTRY_FIELDS];
    uint32_t *moments; /* by entry: its milestones as bits; those past LIST_MAX are not set */
    size_t left_out;   /* rows that lists count and do not show */
    bool second_zone;
    int64_t start_ns, end_ns; /* of impact as far as known, else of the records */
    const struct entry *start_entry, *end_entry;
    bool start_known, end_known; /* a moment is told; else the first or the last row stands in */
    bool key_window;             /* those are key rows; else any */
    /* Not resolved in the records: what they tell last, and the row that tells it. */
    bool open;
    enum incident_outcome last_state;
    int64_t last_state_ns; /* TIME_NONE: they tell no moment */
    const struct entry *told_last;
};

#endif
