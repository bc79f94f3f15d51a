/*
 * Log lines against the background of their own source: see background.h. Called by
 * correlate_run() once, and for each row of log lines.
 */
#include "correlate/story/background.h"

#include <stdlib.h>

#include "correlate/story/reads.h"

#define SURGE_LINES 3  /* fewer are no surge, however quiet the source is */
#define SURGE_FACTOR 3 /* more than this many times the background */

static int
line_order(const void *left, const void *right)
{
    const struct logged_line *a = left, *b = right;
    int order = sv_cmp(a->source, b->source);
    order = order != 0 ? order : sv_cmp(a->service, b->service);
    order = order != 0 ? order : sv_cmp(a->shape, b->shape);
    return order != 0 ? order : a->ms < b->ms ? -1 : a->ms > b->ms;
}

static void
sort_lines(struct logged_line *lines, size_t count)
{
    if (count > 1)
        qsort(lines, count, sizeof(*lines), line_order);
}

void
background_init(struct arena *arena, const struct work_record *records, size_t count,
                struct background *ret_background)
{
    size_t all = 0, loud = 0, shaped = 0;
    for (size_t i = 0; i < count; i++)
        all += records[i].role == NODE_LOG ? 1 : 0;
    struct logged_line *by_source = ARENA_ARRAY(arena, struct logged_line, all + 1);
    struct logged_line *by_shape = ARENA_ARRAY(arena, struct logged_line, all + 1);
    for (size_t i = 0; i < count; i++) {
        const struct work_record *record = &records[i];
        if (record->role != NODE_LOG)
            continue;
        struct logged_line line = {.source = record->source,
                                   .service = record->observation->event.service,
                                   .ms = record->ms};
        if (record->observation->event.severity >= SEVERITY_WARN)
            by_source[loud++] = line;
        line.shape = record->fingerprint;
        by_shape[shaped++] = line;
    }
    sort_lines(by_source, loud);
    sort_lines(by_shape, shaped);
    *ret_background = (struct background){by_source, loud, by_shape, shaped, INT64_MIN};
}

/* The first line that is not before this one. */
static size_t
place_of(const struct logged_line *lines, size_t count, const struct logged_line *line)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (line_order(&lines[middle], line) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Lines of this source (and shape) from `from` to before `to`, in milliseconds. */
static size_t
count_between(const struct logged_line *lines, size_t count, struct logged_line line, int64_t from,
              int64_t to)
{
    line.ms = from;
    size_t first = place_of(lines, count, &line);
    line.ms = to;
    return place_of(lines, count, &line) - first;
}

static struct logged_line
line_of(const struct observation *line)
{
    return (struct logged_line){.source = line->event.source,
                                .service = line->event.service,
                                .ms = line->event.event_time_ns / NS_PER_MS};
}

bool
background_surge(const struct background *background, const struct observation *line)
{
    struct logged_line wanted = line_of(line);
    int64_t back = reads_back(RULE_SURGE) / NS_PER_MS, ahead = reads_ahead(RULE_SURGE) / NS_PER_MS;
    size_t now = count_between(background->by_source, background->source_count, wanted, wanted.ms,
                               wanted.ms + ahead);
    size_t before = count_between(background->by_source, background->source_count, wanted,
                                  wanted.ms - back, wanted.ms);
    return line->event.severity >= SEVERITY_WARN && now >= SURGE_LINES &&
           now * (size_t)(back / ahead) >= SURGE_FACTOR * before;
}

bool
background_new_line(const struct background *background, const struct work_node *node,
                    const struct observation *line)
{
    struct logged_line wanted = line_of(line);
    if (wanted.ms < background->known_from_ms ||
        (line->event.severity != SEVERITY_UNSET && line->event.severity < SEVERITY_ERROR))
        return false;
    if (count_between(background->by_source, background->source_count, wanted,
                      wanted.ms - reads_back(RULE_SURGE) / NS_PER_MS, wanted.ms) > 0)
        return false;
    wanted.shape = node->records[0]->fingerprint;
    return count_between(background->by_shape, background->shape_count, wanted,
                         wanted.ms - reads_back(RULE_NEW_LINE) / NS_PER_MS, wanted.ms) == 0;
}
