/*
 * librdkafka's in-process broker behind hindcast/mock_broker.h, for `draft` and for unit tests. It
 * keeps at most 5 MiB (and 100,000 message sets) a partition in memory and drops what is older
 * without a word: readers run with gap_is_error, writers wait for what was committed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/thread.h"
#include "hindcast/mock_broker.h"
#include "ingest/source/kafka/conf.h"
/* wants rdkafka.h before it */
#include <librdkafka/rdkafka_mock.h>

struct mock_broker {
    rd_kafka_t *rk; /* only carries the cluster */
    rd_kafka_mock_cluster_t *cluster;
};

int
mock_broker_start(struct mock_broker **ret_broker, const char *topic, int32_t partitions,
                  struct err *err)
{
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, NULL);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    if (rk == NULL) {
        rd_kafka_conf_destroy(conf);
        return err_set(err, ERR_BROKER, "the in-process broker does not start: %s", text);
    }
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(rk, 1);
    if (cluster == NULL) {
        rd_kafka_destroy(rk);
        return err_set(err, ERR_BROKER, "the in-process broker does not start");
    }
    rd_kafka_resp_err_t code = rd_kafka_mock_topic_create(cluster, topic, partitions, 1);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_mock_cluster_destroy(cluster);
        rd_kafka_destroy(rk);
        return kafka_err(err, code, "the in-process broker", topic, NULL);
    }
    struct mock_broker *broker = memory_calloc(1, sizeof(*broker));
    broker->rk = rk;
    broker->cluster = cluster;
    *ret_broker = broker;
    return 0;
}

const char *
mock_broker_address(const struct mock_broker *broker)
{
    return rd_kafka_mock_cluster_bootstraps(broker->cluster);
}

static void
end_cluster(void *opaque)
{
    struct mock_broker *broker = opaque;
    rd_kafka_mock_cluster_destroy(broker->cluster);
    rd_kafka_destroy(broker->rk);
}

void
mock_broker_stop(struct mock_broker *broker)
{
    if (broker == NULL)
        return;
    if (thread_run_until(end_cluster, broker, clock_monotonic_ns() + KAFKA_END_NS))
        free(broker);
}
