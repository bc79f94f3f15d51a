/*
 * See kafkafeed.h. librdkafka directly: the product's own client has no transactions.
 */
#include "tests/lib/kafkafeed.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/kafkatest.h"

#define WAIT_MS 30000

static rd_kafka_t *writer; /* of the last transactional id */
static char writer_id[128];

static void
die(const char *what, const char *why)
{
    fprintf(stderr, "kafkafeed: %s: %s\n", what, why);
    abort();
}

static void
set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char text[256];
    if (rd_kafka_conf_set(conf, name, value, text, sizeof(text)) != RD_KAFKA_CONF_OK)
        die(name, text);
}

static rd_kafka_t *
client(rd_kafka_type_t type, const char *transaction)
{
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", kafkatest_brokers());
    if (transaction != NULL)
        set(conf, "transactional.id", transaction);
    if (type == RD_KAFKA_CONSUMER) {
        set(conf, "group.id", "kafkafeed");
        set(conf, "enable.partition.eof", "true");
        set(conf, "isolation.level", "read_committed");
    } else {
        set(conf, "linger.ms", "5");
    }
    rd_kafka_t *rk = rd_kafka_new(type, conf, text, sizeof(text));
    if (rk == NULL)
        die("client", text);
    return rk;
}

void
kafkafeed_create(const char *topic, int32_t partitions, const struct topic_setting *settings,
                 int count)
{
    char text[256];
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, NULL);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    rd_kafka_NewTopic_t *wanted = rd_kafka_NewTopic_new(topic, partitions, 1, text, sizeof(text));
    if (wanted == NULL)
        die(topic, text);
    for (int i = 0; i < count; i++)
        if (rd_kafka_NewTopic_set_config(wanted, settings[i].name, settings[i].value) !=
            RD_KAFKA_RESP_ERR_NO_ERROR)
            die(topic, settings[i].name);
    rd_kafka_CreateTopics(rk, &wanted, 1, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, WAIT_MS);
    size_t topics;
    const rd_kafka_topic_result_t **results =
        event == NULL ? NULL
                      : rd_kafka_CreateTopics_result_topics(
                            rd_kafka_event_CreateTopics_result(event), &topics);
    if (results == NULL || topics != 1 ||
        rd_kafka_topic_result_error(results[0]) != RD_KAFKA_RESP_ERR_NO_ERROR)
        die(topic, results == NULL ? "no answer" : rd_kafka_topic_result_error_string(results[0]));
    rd_kafka_event_destroy(event);
    rd_kafka_NewTopic_destroy(wanted);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(rk);
}

static void
need(rd_kafka_error_t *error, const char *what)
{
    if (error != NULL)
        die(what, rd_kafka_error_string(error));
}

static void
send_one(rd_kafka_t *rk, const char *topic, int32_t partition, int64_t i, kafkafeed_fill *fill)
{
    static char key[64], value[8192];
    key[0] = '\0';
    int64_t time_ms = fill(i, key, value, sizeof(value));
    const char *with_key = key[0] == '\0' ? NULL : key;
    rd_kafka_resp_err_t failed;
    while ((failed = rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition),
                                       RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                       RD_KAFKA_V_KEY((const void *)with_key, strlen(key)),
                                       RD_KAFKA_V_VALUE(value, strlen(value)),
                                       RD_KAFKA_V_TIMESTAMP(time_ms), RD_KAFKA_V_END)) ==
           RD_KAFKA_RESP_ERR__QUEUE_FULL)
        rd_kafka_poll(rk, 10);
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR)
        die(topic, rd_kafka_err2str(failed));
}

/* Asking for a producer id anew takes a second after each transaction, so one writer is kept. */
static rd_kafka_t *
transactional(const char *id)
{
    if (writer != NULL && strcmp(writer_id, id) == 0)
        return writer;
    kafkafeed_forget_writer();
    writer = client(RD_KAFKA_PRODUCER, id);
    snprintf(writer_id, sizeof(writer_id), "%s", id);
    need(rd_kafka_init_transactions(writer, WAIT_MS), "init_transactions");
    return writer;
}

void
kafkafeed_forget_writer(void)
{
    if (writer != NULL)
        rd_kafka_destroy(writer);
    writer = NULL;
}

void
kafkafeed_send(const char *topic, int32_t partitions, int64_t from, int64_t to,
               kafkafeed_fill *fill, const char *transaction, bool commit)
{
    rd_kafka_t *rk =
        transaction != NULL ? transactional(transaction) : client(RD_KAFKA_PRODUCER, NULL);
    if (transaction != NULL)
        need(rd_kafka_begin_transaction(rk), "begin_transaction");
    for (int64_t i = from; i < to; i++)
        send_one(rk, topic, (int32_t)(i % partitions), i, fill);
    if (rd_kafka_flush(rk, WAIT_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        die(topic, "not delivered in time");
    if (transaction == NULL)
        rd_kafka_destroy(rk);
    else
        need(commit ? rd_kafka_commit_transaction(rk, WAIT_MS)
                    : rd_kafka_abort_transaction(rk, WAIT_MS),
             "end of transaction");
}

int64_t
kafkafeed_count(const char *topic, int32_t partition)
{
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, NULL);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    int64_t count = 0;
    for (bool end = false; !end;) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(rk, WAIT_MS);
        if (message == NULL)
            die(topic, "no answer");
        end = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            count++;
        rd_kafka_message_destroy(message);
    }
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
    return count;
}

int64_t
kafkafeed_end(const char *topic, int32_t partition)
{
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, NULL);
    int64_t low, high;
    rd_kafka_resp_err_t failed =
        rd_kafka_query_watermark_offsets(rk, topic, partition, &low, &high, WAIT_MS);
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR)
        die(topic, rd_kafka_err2str(failed));
    rd_kafka_destroy(rk);
    return high;
}

int
kafkafeed_members(const char *group, char ret_first[128], char ret_state[32])
{
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, NULL);
    const struct rd_kafka_group_list *list = NULL;
    int members = -1;
    if (rd_kafka_list_groups(rk, group, &list, WAIT_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        die(group, "no answer");
    ret_first[0] = ret_state[0] = '\0';
    for (int i = 0; i < list->group_cnt; i++) {
        const struct rd_kafka_group_info *info = &list->groups[i];
        if (strcmp(info->group, group) != 0)
            continue;
        members = info->member_cnt;
        snprintf(ret_state, 32, "%s", info->state);
        if (members > 0)
            snprintf(ret_first, 128, "%s", info->members[0].member_id);
    }
    rd_kafka_group_list_destroy(list);
    rd_kafka_destroy(rk);
    return members;
}
