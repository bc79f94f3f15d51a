/*
 * Clocks for people: see clocks.h.
 */
#include "app/clocks.h"

#include <stdio.h>

#include "app/open.h"
#include "app/output.h"
#include "base/clock.h"
#include "base/text/json_writer.h"
#include "base/text/visible.h"

#define AROUND_NS NS_PER_HOUR /* of an incident, that its clocks are compared in */
#define MS_TEXT 32

static int
compare(const struct config *config, struct store *store, struct arena *arena, int64_t since_ns,
        int64_t until_ns, struct clock_offsets *ret_offsets, struct err *err)
{
    int64_t append_ns = config_duration_ns(config, OPT_clocks_max_append_delay);
    struct clock_sample *samples;
    size_t count;
    if (store_clock_samples(store, arena, since_ns, until_ns, CLOCK_SAMPLES_MAX, &samples, &count,
                            err) != 0)
        return -1;
    return clock_offsets(arena, samples, count, append_ns > 0 ? append_ns / NS_PER_US : -1,
                         ret_offsets, err);
}

/* "12.345", "-": no bound. */
static const char *
ms_text(int64_t us, char text[MS_TEXT])
{
    int64_t size = us < 0 ? -us : us;
    if (size == CLOCK_OPEN_US)
        snprintf(text, MS_TEXT, "-");
    else
        snprintf(text, MS_TEXT, "%s%lld.%03lld", us < 0 ? "-" : "", (long long)(size / 1000),
                 (long long)(size % 1000));
    return text;
}

static const char *
note_of(const struct clock_interval *clock)
{
    bool low = clock->lo_us != -CLOCK_OPEN_US, high = clock->hi_us != CLOCK_OPEN_US;
    if (clock->inconsistent)
        return "inconsistent clock";
    return low && high ? "" : low || high ? "one-sided" : "no bound";
}

/* Without the broker's clock only the others' distance from each other is known. */
static void
tell_reference(const struct clock_offsets *offsets)
{
    if (offsets->reference.len > 0)
        visible_line(stderr,
                     "no append was timed by the broker: the clock of " SV_FMT
                     " is taken for the true one",
                     SV_ARG(offsets->reference));
}

static void
print_text(const struct clock_offsets *offsets)
{
    char low[MS_TEXT], high[MS_TEXT], correction[MS_TEXT];
    visible_line(stdout, "%12s %12s %12s %9s  clock", "from_ms", "to_ms", "corrected_ms",
                 "samples");
    for (size_t i = 0; i < offsets->count; i++) {
        const struct clock_interval *clock = &offsets->clocks[i];
        const char *note = note_of(clock);
        visible_line(stdout, "%12s %12s %12s %9zu  " SV_FMT "%s%s%s", ms_text(clock->lo_us, low),
                     ms_text(clock->hi_us, high),
                     clock->applies ? ms_text(clock->correction_us, correction) : "no",
                     clock->samples, SV_ARG(clock->clock), note[0] == '\0' ? "" : " (", note,
                     note[0] == '\0' ? "" : ")");
    }
    if (offsets->count == 0)
        visible_line(stderr, "no two times to compare: neither records whose append the broker "
                             "timed, nor spans of several hosts");
    if (offsets->dropped > 0)
        visible_line(stderr,
                     "%zu bounds contradict others and were dropped: a clock was set, or "
                     "runs apart; ask for a shorter time",
                     offsets->dropped);
}

static void
put_us(struct strbuf *out, const char *name, bool known, int64_t us)
{
    if (known)
        json_put_int(out, name, us);
    else
        json_put(out, name, SV_NONE);
}

static int
print_json(const struct clock_offsets *offsets, struct err *err)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < offsets->count; i++) {
        const struct clock_interval *clock = &offsets->clocks[i];
        strbuf_add_char(&out, '{');
        json_put(&out, "clock", clock->clock);
        put_us(&out, "from_us", clock->lo_us != -CLOCK_OPEN_US, clock->lo_us);
        put_us(&out, "to_us", clock->hi_us != CLOCK_OPEN_US, clock->hi_us);
        json_put_int(&out, "samples", (int64_t)clock->samples);
        json_put_bool(&out, "applies", clock->applies);
        put_us(&out, "correction_us", clock->applies, clock->correction_us);
        json_put_bool(&out, "inconsistent", clock->inconsistent);
        json_put_bool(&out, "reference", sv_eq(clock->clock, offsets->reference));
        strbuf_add_text(&out, "}\n");
    }
    int status = output_buffer(&out, "the clocks", err);
    strbuf_release(&out);
    return status;
}

int
clocks_show(const struct config *config, const struct clocks_request *request,
            const volatile bool *stop, struct err *err)
{
    struct clock_offsets offsets;
    struct store *store;
    struct arena arena;
    if (open_reader(config, READ_RECORDS, stop, &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    int status =
        compare(config, store, &arena, request->since_ns, request->until_ns, &offsets, err);
    store_close(store);
    if (status == 0)
        tell_reference(&offsets);
    if (status == 0 && request->json)
        status = print_json(&offsets, err);
    else if (status == 0)
        print_text(&offsets);
    arena_release(&arena);
    return status;
}

static void
tell(const struct clock_alignment *alignment)
{
    char low[MS_TEXT], high[MS_TEXT], correction[MS_TEXT];
    for (size_t i = 0; i < alignment->clock_count; i++) {
        const struct clock_interval *clock = alignment->clocks[i];
        visible_line(stderr,
                     "the clock of " SV_FMT " is off by %s ms (from %s to %s): its times are "
                     "corrected here",
                     SV_ARG(clock->clock), ms_text(clock->correction_us, correction),
                     ms_text(clock->lo_us, low), ms_text(clock->hi_us, high));
    }
    if (alignment->clock_count == 0)
        visible_line(stderr, "no clock of this incident is off for certain: the times are as the "
                             "sources tell them");
}

int
clocks_around(const struct config *config, struct store *store, struct arena *arena,
              const struct incident *incident, struct clock_offsets *ret_offsets, struct err *err)
{
    return compare(config, store, arena, incident->first_ns - AROUND_NS,
                   incident->last_ns + AROUND_NS, ret_offsets, err);
}

int
clocks_align(const struct config *config, struct store *store, struct arena *arena,
             struct incident *incident, struct err *err)
{
    struct clock_offsets offsets;
    struct clock_alignment alignment;
    if (clocks_around(config, store, arena, incident, &offsets, err) != 0)
        return -1;
    clock_align(arena, &offsets, incident, &alignment);
    tell_reference(&offsets);
    tell(&alignment);
    *incident = alignment.incident;
    return 0;
}
