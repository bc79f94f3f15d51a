/*
 * How fast each format is decoded: the fixtures of every format, decoded again and again, by the
 * time of one processor in the fastest round: what else the machine does only takes away from it.
 * One line a fixture, or with --formats the slowest fixture of each format
 * that is no larger than 1 KiB:
 *
 *     RECORDS_A_SECOND EVENTS_A_SECOND MB_A_SECOND BYTES FORMAT/CASE
 *
 * usage: decode_rate [--formats] [MILLISECONDS [PART_OF_THE_PATH]]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/lib/fixtures.h"

#define SMALL 1024
#define ROUND 64 /* records between two looks at the clock, and two resets of the arena */

struct rate {
    double records, events, bytes;
};

/* Of this thread: what else runs on the machine does not count. */
static int64_t
cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static struct rate
rate_of(const struct fixture *fixture, int64_t for_ns)
{
    static const struct decode_options options = {0};
    const struct record record = fixture_record(fixture, fixture->input);
    struct arena arena;
    size_t events = 0;
    int64_t least_ns = INT64_MAX;
    arena_init(&arena, 0);
    int64_t began = cpu_ns(), before = began, now;
    do {
        struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
        for (int i = 0; i < ROUND; i++) {
            sink.count = 0;
            (void)decode_record(&record, &options, &sink);
            events = sink.count;
        }
        arena_reset(&arena);
        now = cpu_ns();
        least_ns = now - before < least_ns ? now - before : least_ns;
        before = now;
    } while (now < began + for_ns);
    arena_release(&arena);
    double records = ROUND * (double)NS_PER_S / (double)least_ns;
    return (struct rate){records, records * (double)events, records * (double)fixture->input.len};
}

static void
print(const struct rate *rate, const struct fixture *fixture)
{
    const char *name = fixture->path + strlen("tests/fixtures/");
    printf("%9.0f %9.0f %7.1f %6zu %s\n", rate->records, rate->events, rate->bytes / 1e6,
           fixture->input.len, strchr(name, '/') + 1);
}

/* "tests/fixtures/log/otlp/logs": the length up to the last slash. */
static size_t
format_length(const struct fixture *fixture)
{
    return (size_t)(strrchr(fixture->path, '/') - fixture->path);
}

static bool
same_format(const struct fixture *a, const struct fixture *b)
{
    size_t length = format_length(a);
    return length == format_length(b) && memcmp(a->path, b->path, length) == 0;
}

int
main(int argc, char **argv)
{
    bool formats = argc > 1 && strcmp(argv[1], "--formats") == 0;
    argv += formats;
    argc -= formats;
    int64_t for_ns = (argc > 1 ? strtoll(argv[1], NULL, 10) : 100) * NS_PER_MS;
    const struct fixture *slowest = NULL;
    struct rate least = {0};
    fixtures_find(NULL);
    for (size_t i = 0; i < fixture_count; i++) {
        if (argc > 2 && strstr(fixtures[i].path, argv[2]) == NULL)
            continue;
        if (formats && (fixtures[i].input.len > SMALL || fixtures[i].input.len == 0))
            continue;
        struct rate rate = rate_of(&fixtures[i], for_ns);
        if (!formats) {
            print(&rate, &fixtures[i]);
            continue;
        }
        if (slowest != NULL && !same_format(slowest, &fixtures[i])) {
            print(&least, slowest);
            slowest = NULL;
        }
        if (slowest == NULL || rate.records < least.records) {
            slowest = &fixtures[i];
            least = rate;
        }
    }
    if (slowest != NULL)
        print(&least, slowest);
    fixtures_drop(NULL);
    return 0;
}
