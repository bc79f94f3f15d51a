/*
 * What `hindcast ingest` shows people: progress, waits and decoding options that differ on stderr,
 * the summary on stdout. Main thread.
 */
#ifndef APP_INGEST_DISPLAY_H
#define APP_INGEST_DISPLAY_H

#include "app/wait_notice.h"
#include "hindcast/ingest.h"
#include "observe/monitor.h"

struct ingest_display {
    int64_t began_ns, shown_ns, shown_records;
    struct wait_notice waits;
    struct ingest_decoding decoding; /* what was shown of it */
    struct monitor *monitor;         /* NULL: metrics.listen is not set */
};

/* How the options came to count, and where those of this process differ; nothing where neither. */
void ingest_display_decoding(const struct ingest_decoding *decoding);
/* on_progress of ingest_run(); `opaque` is the display. */
void ingest_display_show(void *opaque, const struct ingest_progress *progress);
/* At the end. */
void ingest_display_summary(struct ingest_display *display, const struct ingest_progress *total);

#endif
