/*
 * Fills a new topic for the benchmarks: COUNT records of a form, each a pure function of its
 * number, 1 ms of event time apart, so that a million lie within 17 minutes; or from FIRST (seconds
 * since 1970) on, STEP microseconds apart. Prints the average length.
 *
 * usage: send_records FORM BROKERS TOPIC PARTITIONS COUNT CODEC [FIRST STEP]
 *
 * FORM: ecs (what Filebeat writes, about 490 bytes), info (the same, all of level info) or syslog
 * (RFC 5424, about 160 bytes).
 * CODEC: what librdkafka calls compression.codec: none, lz4, zstd ...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/lib/filltopic.h"

#define FIRST_NS (INT64_C(1772355600) * NS_PER_S) /* 2026-03-01T09:00:00Z */
#define TEXT_MAX 1024

static int64_t first_ns = FIRST_NS, step_ns = NS_PER_MS;

static const char *const services[] = {"checkout", "cart", "search", "payment", "catalog"};
static const char *const levels[] = {"info", "info", "info", "warn", "error"};
static const int priorities[] = {134, 134, 134, 132, 131}; /* local0, severity as the level */

struct content {
    char when[TIME_TEXT];
    unsigned long long number, mixed;
    size_t service, level;
};

static struct content
content_of(uint64_t number)
{
    struct content content = {.number = number};
    content.mixed = (number + 1) * UINT64_C(0x9E3779B97F4A7C15);
    content.service = content.mixed % 5;
    content.level = content.mixed / 5 % 5;
    time_format(first_ns + (int64_t)number * step_ns, content.when);
    return content;
}

static int
format_ecs(char *text, const struct content *of)
{
    const char *service = services[of->service];
    return snprintf(
        text, TEXT_MAX,
        "{\"@timestamp\":\"%s\",\"ecs\":{\"version\":\"8.0.0\"},\"log.level\":\"%s\","
        "\"message\":\"request %llu of user %llu took %llu ms\",\"service\":{\"name\":\"%s\","
        "\"environment\":\"production\"},\"host\":{\"name\":\"%s-%llu\"},\"agent\":{\"type\":"
        "\"filebeat\",\"version\":\"8.13.0\",\"ephemeral_id\":\"%016llx\"},\"input\":{\"type\":"
        "\"container\"},\"log\":{\"offset\":%llu,\"file\":{\"path\":\"/var/log/containers/"
        "%s.log\"}},"
        "\"trace.id\":\"%016llx%016llx\",\"http\":{\"response\":{\"status_code\":%d}}}",
        of->when, levels[of->level], of->number, of->mixed >> 48, of->mixed >> 40 & 1023, service,
        service, of->mixed >> 33 & 15, of->mixed, of->number * 490, service, of->mixed,
        of->mixed ^ of->number, of->mixed % 17 == 0 ? 503 : 200);
}

static int
format_info(char *text, const struct content *of)
{
    struct content info = *of;
    info.level = 0;
    return format_ecs(text, &info);
}

static int
format_syslog(char *text, const struct content *of)
{
    const char *service = services[of->service];
    return snprintf(text, TEXT_MAX,
                    "<%d>1 %s %s-%llu %s %llu req [request@32473 user=\"%llu\" status=\"%d\"] "
                    "request %llu of user %llu took %llu ms",
                    priorities[of->level], of->when, service, of->mixed >> 33 & 15, service,
                    1000 + (of->mixed >> 20 & 255), of->mixed >> 48,
                    of->mixed % 17 == 0 ? 503 : 200, of->number, of->mixed >> 48,
                    of->mixed >> 40 & 1023);
}

static const struct form {
    const char *name;
    int (*format)(char *text, const struct content *of);
} forms[] = {{"ecs", format_ecs}, {"info", format_info}, {"syslog", format_syslog}};

static void
make(void *opaque, uint64_t number, struct strbuf *out)
{
    const struct form *form = opaque;
    struct content content = content_of(number);
    strbuf_wrote(out, (size_t)form->format(strbuf_room(out, TEXT_MAX), &content));
}

int
main(int argc, char **argv)
{
    const struct form *form = NULL;
    for (size_t i = 0; (argc == 7 || argc == 9) && i < sizeof(forms) / sizeof(forms[0]); i++)
        if (strcmp(forms[i].name, argv[1]) == 0)
            form = &forms[i];
    if (form == NULL) {
        fprintf(stderr, "usage: send_records ecs|info|syslog BROKERS TOPIC PARTITIONS COUNT CODEC "
                        "[FIRST STEP]\n");
        return 2;
    }
    if (argc == 9) {
        first_ns = strtoll(argv[7], NULL, 10) * NS_PER_S;
        step_ns = strtoll(argv[8], NULL, 10) * NS_PER_US;
    }
    struct err err = {0};
    struct filltopic fill = {.brokers = argv[2],
                             .topic = argv[3],
                             .partitions = (int32_t)strtol(argv[4], NULL, 10),
                             .count = strtoull(argv[5], NULL, 10),
                             .codec = argv[6],
                             .make = make,
                             .opaque = (void *)(uintptr_t)form};
    uint64_t bytes = 0;
    if (filltopic(&fill, &bytes, &err) != 0) {
        fprintf(stderr, "send_records: %s\n", err.message);
        return 1;
    }
    printf("%llu\n", (unsigned long long)(fill.count == 0 ? 0 : bytes / fill.count));
    return 0;
}
