/*
 * Sends COUNT records in the form Filebeat writes (ECS, about 490 bytes) to a topic: what the
 * ingest benchmark reads. The content is a pure function of the record's number.
 *
 * usage: filebeat BROKERS TOPIC COUNT
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "hindcast/kafka.h"

#define FLUSH_NS (120 * NS_PER_S)
#define FIRST_NS (INT64_C(1772355600) * NS_PER_S) /* 2026-03-01T09:00:00Z */

static const char *const services[] = {"checkout", "cart", "search", "payment", "catalog"};
static const char *const levels[] = {"info", "info", "info", "warn", "error"};

static size_t
format_record(char *text, size_t size, uint64_t i)
{
    char when[TIME_TEXT];
    time_format(FIRST_NS + (int64_t)i * NS_PER_MS, when);
    uint64_t mixed = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
    const char *service = services[mixed % 5];
    int length = snprintf(
        text, size,
        "{\"@timestamp\":\"%s\",\"ecs\":{\"version\":\"8.0.0\"},\"log.level\":\"%s\","
        "\"message\":\"request %llu of user %llu took %llu ms\",\"service\":{\"name\":\"%s\","
        "\"environment\":\"production\"},\"host\":{\"name\":\"%s-%llu\"},\"agent\":{\"type\":"
        "\"filebeat\",\"version\":\"8.13.0\",\"ephemeral_id\":\"%016llx\"},\"input\":{\"type\":"
        "\"container\"},\"log\":{\"offset\":%llu,\"file\":{\"path\":\"/var/log/containers/"
        "%s.log\"}},"
        "\"trace.id\":\"%016llx%016llx\",\"http\":{\"response\":{\"status_code\":%d}}}",
        when, levels[mixed / 5 % 5], (unsigned long long)i, (unsigned long long)(mixed >> 48),
        (unsigned long long)(mixed >> 40 & 1023), service, service,
        (unsigned long long)(mixed >> 33 & 15), (unsigned long long)mixed,
        (unsigned long long)i * 490, service, (unsigned long long)mixed,
        (unsigned long long)(mixed ^ i), mixed % 17 == 0 ? 503 : 200);
    return (size_t)length;
}

int
main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: filebeat BROKERS TOPIC COUNT\n");
        return 2;
    }
    struct err err = {0};
    struct config *config = config_new();
    struct producer *producer = NULL;
    uint64_t count = strtoull(argv[3], NULL, 10), bytes = 0;
    int status = producer_open(&producer, config, argv[1], argv[2], &err);
    for (uint64_t i = 0; status == 0 && i < count; i++) {
        char text[1024], key[32];
        struct outgoing record = {.time_ns = TIME_NONE, .partition = -1};
        record.value = sv_of(text, format_record(text, sizeof(text), i));
        record.key = sv_of(key, (size_t)snprintf(key, sizeof(key), "%llu", (unsigned long long)i));
        bytes += record.value.len;
        status = producer_send(producer, &record, &err);
    }
    if (status == 0)
        status = producer_flush(producer, FLUSH_NS, &err);
    if (status != 0)
        fprintf(stderr, "filebeat: %s\n", err.message);
    else
        printf("%llu\n", (unsigned long long)(count == 0 ? 0 : bytes / count));
    producer_close(producer);
    config_free(config);
    return status == 0 ? 0 : 1;
}
