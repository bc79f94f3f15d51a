/*
 * Counts of what was read, as plain data: the store reads them (hindcast/counts.h), status, report
 * and chart show them. Views live as long as the arena they were read into.
 */
#ifndef HINDCAST_COUNTED_H
#define HINDCAST_COUNTED_H

#include "hindcast/event.h"

#define COUNT_FORMATS_MAX 50 /* of a topic; as in sql/queries/counts_topics.sql */

/*
 * What was read of a topic, over all partitions and incarnations, by one format: events by the
 * source of their time, manifest records, users of tools, records in quarantine that look like it.
 * The formats with most events have a row of their own, all others of the topic one together.
 */
struct topic_reading {
    struct sv cluster_id, topic;
    struct sv format;                       /* absent: not known (in quarantine, or not counted) */
    bool others;                            /* formats beyond COUNT_FORMATS_MAX */
    int64_t events[TIME_SOURCE_ABSENT + 1]; /* by enum time_source; [0] is not used */
    int64_t manifests, quarantined;
    int64_t persons;   /* users of tools, which have no time */
    int64_t uncounted; /* events that programs wrote or removed which did not count */
};

/* A stretch of some minutes. Deliveries count: an event that came twice counts twice. */
struct minute_counts {
    int64_t from_ns;
    int64_t events;                 /* of every kind */
    int64_t logs[SEVERITY_MAX + 1]; /* log lines by severity; 0: unset */
};

/* Log lines that were not stored, because they lie too far outside of the time asked for. */
struct skipped_lines {
    int64_t count;
    int64_t from_ns, to_ns; /* those within were stored; TIME_NONE: no end */
};

#endif
