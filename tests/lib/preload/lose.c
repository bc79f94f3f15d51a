/*
 * LD_PRELOAD for tests/it/lost_start_test.sh: the first LOSES records that librdkafka hands out are
 * lost, as its batch calls lose some when partitions move. Records only: what says that nothing is
 * left, or that something failed, comes through.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <librdkafka/rdkafka.h>

rd_kafka_message_t *
rd_kafka_consumer_poll(rd_kafka_t *rk, int timeout_ms)
{
    static atomic_int lost;
    rd_kafka_message_t *(*real)(rd_kafka_t *, int) =
        (rd_kafka_message_t * (*)(rd_kafka_t *, int)) dlsym(RTLD_NEXT, "rd_kafka_consumer_poll");
    const char *loses = getenv("LOSES");
    rd_kafka_message_t *message = real(rk, timeout_ms);
    if (loses == NULL || message == NULL || message->err != RD_KAFKA_RESP_ERR_NO_ERROR ||
        atomic_fetch_add(&lost, 1) >= strtol(loses, NULL, 10))
        return message;
    rd_kafka_message_destroy(message);
    return NULL;
}
