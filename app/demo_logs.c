/*
 * The demo's log lines: four services over an hour and a half, quiet, then failing between the
 * deploy and the rollback. A small generator with a fixed seed: the same bytes on every machine.
 * Called by demo.c, main thread.
 */
#include <inttypes.h>

#include "app/demo.h"
#include "base/clock.h"

#define SECONDS_FROM_MIDNIGHT(h, m, s) (((h)*60 + (m)) * 60 + (s))
#define BEGIN SECONDS_FROM_MIDNIGHT(13, 30, 0)
#define STEP_MS 1080 /* 5,000 lines fill 90 minutes */
#define FAILING SECONDS_FROM_MIDNIGHT(14, 5, 20)
#define MENDED SECONDS_FROM_MIDNIGHT(14, 27, 30)
#define DRAINED SECONDS_FROM_MIDNIGHT(14, 45, 30)
#define LATE_LINES 40

struct line {
    FILE *out;
    uint64_t state;
    int number;
    int64_t ms; /* since midnight of 2026-03-03 */
    char time[40];
};

/* xorshift64: enough for noise. */
static uint32_t
draw(struct line *line, uint32_t limit)
{
    line->state ^= line->state << 13;
    line->state ^= line->state >> 7;
    line->state ^= line->state << 17;
    return (uint32_t)(line->state >> 33) % limit;
}

static bool
between(const struct line *line, int from_s, int to_s)
{
    return line->ms >= (int64_t)from_s * 1000 && line->ms < (int64_t)to_s * 1000;
}

static void
next_time(struct line *line)
{
    line->ms = (int64_t)BEGIN * 1000 + (int64_t)line->number * STEP_MS + draw(line, 900);
    int64_t s = line->ms / 1000;
    snprintf(line->time, sizeof(line->time), "2026-03-03T%02d:%02d:%02d.%03dZ", (int)(s / 3600),
             (int)(s / 60 % 60), (int)(s % 60), (int)(line->ms % 1000));
    line->number++;
}

static void
syslog_line(struct line *line)
{
    static const char *const paths[] = {"/", "/cart", "/search", "/checkout", "/checkout/pay"};
    uint32_t path = draw(line, 5), host = draw(line, 2) + 1, took = 12 + draw(line, 70);
    bool failed = path >= 3 && between(line, FAILING, MENDED) && draw(line, 10) < 4;
    if (failed)
        fprintf(line->out,
                "<131>1 %s edge-%u edge-proxy %u - - upstream checkout-api answered 502 for "
                "POST %s after %u ms\n",
                line->time, host, 810 + host, paths[path], 5000 + took);
    else
        fprintf(line->out, "<134>1 %s edge-%u edge-proxy %u - - GET %s 200 %u ms\n", line->time,
                host, 810 + host, paths[path], took);
}

static void
ecs_line(struct line *line)
{
    uint32_t host = draw(line, 4) + 1, took = 20 + draw(line, 60),
             order = 700000 + draw(line, 90000);
    const char *level = "info";
    char message[200];
    if (between(line, FAILING, MENDED) && draw(line, 10) < 4) {
        level = "error";
        if (draw(line, 3) > 0)
            snprintf(
                message, sizeof(message),
                "could not get a database connection in 5000 ms: pool exhausted, 10 of 10 in use");
        else
            snprintf(message, sizeof(message), "order %u failed: timeout of checkout session",
                     order);
    } else if (line->number > 1 && line->ms / 1000 >= FAILING - 60 &&
               line->ms / 1000 < FAILING - 57) {
        snprintf(message, sizeof(message), "starting checkout-api v2.41.0 with pool size 10");
    } else {
        snprintf(message, sizeof(message), "order %u checked out in %u ms", order, took);
    }
    fprintf(
        line->out,
        "{\"@timestamp\":\"%s\",\"log\":{\"level\":\"%s\",\"file\":{\"path\":"
        "\"/var/log/checkout-api.log\"},\"offset\":%d},\"message\":\"%s\",\"service\":{\"name\":"
        "\"checkout-api\",\"environment\":\"production\"},\"host\":{\"name\":\"checkout-%u\"},"
        "\"agent\":{\"id\":\"demo-agent-%u\",\"type\":\"filebeat\",\"version\":\"8.11.1\"},"
        "\"ecs\":{\"version\":\"8.0.0\"}}\n",
        line->time, level, line->number * 400, message, host, host);
}

static void
logfmt_line(struct line *line)
{
    uint32_t host = draw(line, 2) + 1, charge = 400000 + draw(line, 90000),
             took = 70 + draw(line, 40);
    if (between(line, FAILING + 60, MENDED + 40) && draw(line, 10) < 2)
        fprintf(line->out,
                "ts=%s level=warn service=payments host=pay-%u msg=\"charge took longer than 2 s\" "
                "charge=ch_%u duration_ms=%u\n",
                line->time, host, charge, 3600 + took * 10);
    else
        fprintf(
            line->out,
            "ts=%s level=info service=payments host=pay-%u msg=\"charge accepted\" charge=ch_%u "
            "duration_ms=%u\n",
            line->time, host, charge, took);
}

static void
json_line(struct line *line)
{
    uint32_t host = draw(line, 3) + 1, order = 700000 + draw(line, 90000);
    bool behind = between(line, FAILING + 240, DRAINED);
    if (behind && draw(line, 25) == 0)
        fprintf(line->out,
                "{\"time\":\"%s\",\"level\":\"warn\",\"service\":\"orders-worker\",\"host\":"
                "\"orders-%u\",\"msg\":\"queue of paid orders is behind\"}\n",
                line->time, host);
    else
        fprintf(line->out,
                "{\"time\":\"%s\",\"level\":\"info\",\"service\":\"orders-worker\",\"host\":"
                "\"orders-%u\",\"msg\":\"order %u handed to the warehouse\"}\n",
                line->time, host, order);
}

void
demo_log_write(enum demo_log which, FILE *out)
{
    static void (*const writers[])(struct line *) = {syslog_line, ecs_line, logfmt_line, json_line,
                                                     json_line};
    bool late = which == DEMO_LATE;
    struct line line = {.out = out, .state = UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)which};
    /* What comes late is from the first minutes of the trouble, sent after everything else. */
    int count = late ? LATE_LINES : DEMO_LINES;
    line.number = late ? (FAILING - BEGIN) * 1000 / STEP_MS : 0;
    for (int i = 0; i < count; i++) {
        next_time(&line);
        writers[which](&line);
    }
}
