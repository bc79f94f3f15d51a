/*
 * Filling topics: see filltopic.h. Called by the programs of tests/bench.
 */
#include "tests/lib/filltopic.h"

#include <stdio.h>

#include "base/clock.h"
#include "hindcast/producer.h"
#include "tests/lib/kafkatest.h"

#define FLUSH_NS (120 * NS_PER_S)

static int
send_all(struct producer *producer, const struct filltopic *fill, uint64_t *ret_bytes,
         struct err *err)
{
    int status = 0;
    uint64_t bytes = 0;
    struct strbuf value;
    strbuf_init(&value, 0);
    for (uint64_t i = 0; status == 0 && i < fill->count; i++) {
        char key[32];
        struct outgoing record = {.time_ns = TIME_NONE, .partition = -1};
        strbuf_clear(&value);
        fill->make(fill->opaque, i, &value);
        record.value = strbuf_view(&value);
        record.key = sv_of(key, (size_t)snprintf(key, sizeof(key), "%llu", (unsigned long long)i));
        bytes += record.value.len;
        status = producer_send(producer, &record, err);
    }
    strbuf_release(&value);
    *ret_bytes = bytes;
    return status == 0 ? producer_flush(producer, FLUSH_NS, err) : -1;
}

int
filltopic(const struct filltopic *fill, uint64_t *ret_bytes, struct err *err)
{
    struct config *config = config_new();
    struct producer *producer = NULL;
    kafkatest_create_topic(fill->topic, fill->partitions);
    int status = config_set_rdkafka(config, "compression.codec", fill->codec, err);
    if (status == 0)
        status = producer_open(&producer, config, fill->brokers, fill->topic, err);
    if (status == 0)
        status = send_all(producer, fill, ret_bytes, err);
    producer_close(producer);
    config_free(config);
    return status;
}
