/*
 * Kafka's admin calls for tests: see kafkatest.h.
 */
#include "tests/lib/kafkatest.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>

#define ADMIN_MS 20000

const char *
kafkatest_brokers(void)
{
    const char *brokers = getenv("HINDCAST_KAFKA");
    return brokers == NULL || brokers[0] == '\0' ? NULL : brokers;
}

static void
die(const char *what, const char *why)
{
    fprintf(stderr, "kafkatest: %s: %s\n", what, why);
    abort();
}

static rd_kafka_t *
admin_new(void)
{
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    if (rd_kafka_conf_set(conf, "bootstrap.servers", kafkatest_brokers(), text, sizeof(text)) !=
        RD_KAFKA_CONF_OK)
        die("brokers", text);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    if (rk == NULL)
        die("client", text);
    return rk;
}

static void
admin_wait(rd_kafka_t *rk, rd_kafka_queue_t *queue, const char *what)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, ADMIN_MS);
    if (event == NULL)
        die(what, "no answer");
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
        die(what, rd_kafka_event_error_string(event));
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(rk);
}

void
kafkatest_create_topic(const char *topic, int32_t partitions)
{
    kafkatest_create_topic_with(topic, partitions, NULL, NULL);
}

void
kafkatest_create_topic_with(const char *topic, int32_t partitions, const char *name,
                            const char *value)
{
    char text[256];
    rd_kafka_t *rk = admin_new();
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    rd_kafka_NewTopic_t *wanted = rd_kafka_NewTopic_new(topic, partitions, 1, text, sizeof(text));
    if (wanted == NULL)
        die(topic, text);
    if (name != NULL)
        rd_kafka_NewTopic_set_config(wanted, name, value);
    rd_kafka_CreateTopics(rk, &wanted, 1, NULL, queue);
    admin_wait(rk, queue, topic);
    rd_kafka_NewTopic_destroy(wanted);
}

void
kafkatest_delete_topic(const char *topic)
{
    rd_kafka_t *rk = admin_new();
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    rd_kafka_DeleteTopic_t *unwanted = rd_kafka_DeleteTopic_new(topic);
    rd_kafka_DeleteTopics(rk, &unwanted, 1, NULL, queue);
    admin_wait(rk, queue, topic);
    rd_kafka_DeleteTopic_destroy(unwanted);
}

void
kafkatest_delete_records(const char *topic, int32_t partition, int64_t offset)
{
    rd_kafka_t *rk = admin_new();
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition)->offset = offset;
    rd_kafka_DeleteRecords_t *unwanted = rd_kafka_DeleteRecords_new(list);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_DeleteRecords(rk, &unwanted, 1, NULL, queue);
    admin_wait(rk, queue, topic);
    rd_kafka_DeleteRecords_destroy(unwanted);
}
