/*
 * End offsets from the broker, see status.h. A consumer without a group, which reads nothing. Each
 * question has a short time-out and all together a budget: a partition without a leader must not
 * hide the others, and a broker that is away must not make a status page hang.
 */
#include <stdio.h>

#include "base/clock.h"
#include "observe/status.h"

#define QUESTION_MS 1000

struct asking {
    struct status_broker *broker;
    struct arena *arena;
    struct broker_answer *answer;
    size_t size; /* of answer->ends */
    int64_t until_ns;
};

static int
time_left_ms(const struct asking *asking)
{
    int64_t left = (asking->until_ns - clock_monotonic_ns()) / NS_PER_MS;
    return left <= 0 ? 0 : left < QUESTION_MS ? (int)left : QUESTION_MS;
}

static void
silent(struct asking *asking, const char *reason)
{
    if (asking->answer->state != BROKER_SILENT)
        asking->answer->reason = arena_copy(asking->arena, sv_from(reason));
    asking->answer->state = BROKER_SILENT;
}

static void
add_end(struct asking *asking, struct sv topic, int32_t partition, int64_t low, int64_t high)
{
    struct broker_answer *answer = asking->answer;
    if (answer->count == asking->size) {
        size_t size = asking->size == 0 ? 64 : asking->size * 2;
        struct partition_end *ends = ARENA_ARRAY(asking->arena, struct partition_end, size);
        for (size_t i = 0; i < answer->count; i++)
            ends[i] = answer->ends[i];
        answer->ends = ends;
        asking->size = size;
    }
    answer->ends[answer->count++] = (struct partition_end){topic, partition, low, high};
}

static bool
asked_already(const struct asking *asking, struct sv topic)
{
    for (size_t i = 0; i < asking->answer->count; i++)
        if (sv_eq(asking->answer->ends[i].topic, topic))
            return true;
    return false;
}

static void
ask_topic(struct asking *asking, struct sv name)
{
    struct kafka_consumer *consumer = asking->broker->consumer;
    struct err err = {0};
    char topic[KAFKA_TOPIC_MAX];
    int32_t partitions = 0;
    int ms = time_left_ms(asking);
    if (name.len == 0 || name.len >= sizeof(topic) || asked_already(asking, name))
        return;
    snprintf(topic, sizeof(topic), SV_FMT, SV_ARG(name));
    if (ms == 0) {
        silent(asking, "there was no time to ask about every partition");
        return;
    }
    if (kafka_partition_count(consumer, topic, ms, &partitions, &err) != 0) {
        if (err.code != ERR_NOT_FOUND) /* a topic that is gone has no end */
            silent(asking, err.message);
        return;
    }
    for (int32_t i = 0; i < partitions; i++) {
        int64_t low, high;
        ms = time_left_ms(asking);
        if (ms == 0)
            silent(asking, "there was no time to ask about every partition");
        else if (kafka_watermarks(consumer, topic, i, ms, &low, &high, &err) == 0)
            add_end(asking, arena_copy(asking->arena, name), i, low, high);
        else
            silent(asking, err.message);
    }
}

static int
ask_cluster(struct asking *asking, const char *brokers, struct err *err)
{
    struct status_broker *broker = asking->broker;
    struct kafka_settings settings = {
        .config = broker->config, .brokers = brokers, .client_id = "hindcast status"};
    char id[KAFKA_CLUSTER_ID_MAX];
    int left = (int)((asking->until_ns - clock_monotonic_ns()) / NS_PER_MS);
    if (broker->consumer == NULL && kafka_consumer_open(&broker->consumer, &settings, err) != 0)
        return -1;
    if (kafka_cluster_id(broker->consumer, left > 0 ? left : 1, id, err) != 0)
        return -1;
    asking->answer->cluster_id = arena_copy(asking->arena, sv_from(id));
    return 0;
}

void
status_broker_ask(struct status_broker *broker, struct arena *arena, const struct store_status *db,
                  int64_t budget_ns, struct broker_answer *ret_answer)
{
    const char *brokers = config_text(broker->config, OPT_kafka_brokers);
    struct err err = {0};
    struct asking asking = {
        .broker = broker, .arena = arena, .answer = ret_answer, .until_ns = clock_after(budget_ns)};
    *ret_answer = (struct broker_answer){.state = BROKER_NOT_ASKED};
    if (brokers[0] == '\0') {
        ret_answer->reason = SV("no broker is configured");
        return;
    }
    if (ask_cluster(&asking, brokers, &err) != 0) {
        silent(&asking, err.message);
        return;
    }
    ret_answer->state = BROKER_ANSWERS;
    struct sv rest = sv_from(config_text(broker->config, OPT_kafka_topics)), part;
    while (sv_split(&rest, ',', &part))
        ask_topic(&asking, sv_trim(part));
    for (size_t i = 0; i < db->stream_count; i++)
        if (sv_eq(db->streams[i].cluster_id, ret_answer->cluster_id) &&
            (i == 0 || !sv_eq(db->streams[i].topic, db->streams[i - 1].topic)))
            ask_topic(&asking, db->streams[i].topic);
}

void
status_broker_release(struct status_broker *broker)
{
    kafka_consumer_close(broker->consumer);
    broker->consumer = NULL;
}
