/*
 * Healthy or not, ready or not: see monitor.h. Pure.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "base/text/escape.h"
#include "observe/monitor.h"

static void
say(struct strbuf *out, const char *what, const char *why)
{
    strbuf_add_text(out, what);
    escape_terminal(out, sv_from(why));
    strbuf_add_char(out, '\n');
}

bool
monitor_healthy(const struct monitor_view *view, struct strbuf *out)
{
    bool ingest = view->kind == MONITOR_INGEST;
    int64_t limit = ingest ? MONITOR_STUCK_INGEST_NS : MONITOR_STUCK_CORRELATE_NS;
    int64_t silent = view->now_ns - view->published_ns;
    if (silent > limit) {
        strbuf_addf(out, "the main loop has not moved for %" PRId64 " s\n", silent / NS_PER_S);
        return false;
    }
    if (ingest && view->slowest_ns > limit) {
        strbuf_addf(out, "a worker has not moved for %" PRId64 " s\n", view->slowest_ns / NS_PER_S);
        return false;
    }
    return true;
}

bool
monitor_ready(const struct monitor_view *view, struct strbuf *out)
{
    int64_t silent = view->now_ns - view->answered_ns;
    if (view->answered_ns == 0 && view->database_reason[0] == '\0') {
        strbuf_add_text(out, "the database was not asked yet\n");
        return false;
    }
    if (!view->database_up) {
        say(out, "database: ", view->database_reason);
        return false;
    }
    if (silent > MONITOR_SILENCE_NS + 2 * view->interval_ns) {
        strbuf_addf(out, "the database has not answered for %" PRId64 " s\n", silent / NS_PER_S);
        return false;
    }
    if (view->waiting) {
        say(out, "waiting: ", view->waiting_for);
        return false;
    }
    if (view->kind == MONITOR_INGEST && !view->joined) {
        strbuf_add_text(out, "the consumer group has not assigned partitions yet\n");
        return false;
    }
    return true;
}
