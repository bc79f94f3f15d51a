/*
 * What is produced, and therefore what must come out: see crash.h. Contents are a function of the
 * number of a record; its offset is its place in the order of production, because the producer is
 * idempotent and nothing else writes to the topic. The producing thread touches only `struct feed`
 * and the plan, which no longer changes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hindcast/producer.h"
#include "tests/crash/beside.h"
#include "tests/lib/kafkatest.h"

#define FLUSH_NS (60 * NS_PER_S)
#define BURST 20

struct feed {
    struct run *run;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    const struct life *life;
    int64_t allowed, confirmed;
    bool stop;
    struct err err;
};

/* ---- records ---- */

enum record_sort
oracle_sort(int64_t number)
{
    static const enum record_sort sorts[] = {
        SORT_BROKEN, SORT_LOG, SORT_ALERT,     SORT_LOG, SORT_PAIR,  SORT_LOG, SORT_CHAT,
        SORT_LOG,    SORT_LOG, SORT_TOMBSTONE, SORT_LOG, SORT_EMPTY, SORT_LOG, SORT_ALERT,
        SORT_LOG,    SORT_LOG, SORT_BLANK,     SORT_LOG, SORT_LOG,
    };
    return sorts[(size_t)number % (sizeof(sorts) / sizeof(sorts[0]))];
}

/* Of one of the scopes, in one of 36 stretches of 20 minutes, out of order, so that each scope has
 * many incidents that grow all the time. */
static int
put_event(char *out, size_t size, int64_t number, const char *kind, const char *text)
{
    static const char *const services[] = {"cart", "pay", "ship", "mail", "find"};
    return snprintf(out, size,
                    "{\"time\":\"2026-03-0%dT%02d:%02d:%02dZ\",\"kind\":\"%s\",\"service\":"
                    "\"%s\",\"id\":\"%lld\",\"text\":\"%s %lld\",\"tenant\":\"t%d\","
                    "\"severity\":\"%s\",\"fingerprint\":\"%s\"%s}",
                    (int)(number % 3) + 1, (int)(number / 97 % 12 * 2), (int)(number * 7 % 20),
                    (int)(number % 60), kind, services[number % 5], (long long)number, text,
                    (long long)number, (int)(number / 5 % SCOPES),
                    number % 2 == 0 ? "error" : "info", services[number % 5],
                    kind[0] == 'a' && number % 4 == 0 ? ",\"phase\":\"resolve\"" : "");
}

void
oracle_record(int64_t number, char *buffer, struct sv *ret_value, char *key)
{
    int len = 0;
    snprintf(key, 32, "key %lld", (long long)number);
    switch (oracle_sort(number)) {
    case SORT_LOG:
        len = put_event(buffer, 512, number, "log", "line");
        break;
    case SORT_ALERT:
        len = put_event(buffer, 512, number, "alert", "alarm");
        break;
    case SORT_CHAT:
        len = put_event(buffer, 512, number, number % 3 == 0 ? "deploy" : "chat", "said");
        break;
    case SORT_PAIR:
        buffer[0] = '[';
        len = 1 + put_event(buffer + 1, 250, number, "log", "first");
        buffer[len++] = ',';
        len += put_event(buffer + len, 250, number, "alert", "second");
        buffer[len++] = ']';
        break;
    case SORT_EMPTY:
        len = snprintf(buffer, 512, "[%*s]", (int)(number % 7), "");
        break;
    case SORT_BROKEN:
        len = snprintf(buffer, 512, "{\"time\":\"2026-03-01T10:00:00Z\",\"broken\":%lld",
                       (long long)number);
        break;
    case SORT_BLANK:
        break;
    case SORT_TOMBSTONE:
        *ret_value = SV_NONE;
        return;
    }
    *ret_value = sv_of(buffer, (size_t)len);
}

bool
oracle_event(int64_t number, int index, char *ret_text, size_t size, bool *ret_log)
{
    static const char *const words[][2] = {
        [SORT_LOG] = {"line", NULL},  [SORT_ALERT] = {"alarm", NULL},
        [SORT_CHAT] = {"said", NULL}, [SORT_PAIR] = {"first", "second"},
        [SORT_EMPTY] = {NULL, NULL},  [SORT_BROKEN] = {NULL, NULL},
        [SORT_BLANK] = {NULL, NULL},  [SORT_TOMBSTONE] = {NULL, NULL},
    };
    enum record_sort sort = oracle_sort(number);
    if (index > 1 || words[sort][index] == NULL)
        return false;
    snprintf(ret_text, size, "%s %lld", words[sort][index], (long long)number);
    *ret_log = sort == SORT_LOG || (sort == SORT_PAIR && index == 0);
    return true;
}

/* ---- the thread ---- */

static int
send_one(struct producer *producer, const struct life *life, int64_t at, struct err *err)
{
    char buffer[512], key[32];
    struct outgoing record = {.time_ns = TIME_NONE, .partition = life->partitions[at]};
    oracle_record(life->numbers[at], buffer, &record.value, key);
    record.key = sv_from(key);
    return producer_send(producer, &record, err);
}

static int
feed_some(struct feed *feed, struct producer *producer, int64_t from, int64_t to)
{
    struct timespec pace = {0, feed->run->plan.pace_us * (int64_t)1000};
    for (int64_t i = from; i < to; i++) {
        if (send_one(producer, feed->life, i, &feed->err) != 0)
            return -1;
        if (i % BURST == 0 && feed->run->plan.steady)
            nanosleep(&pace, NULL);
    }
    return producer_flush(producer, FLUSH_NS, &feed->err);
}

static void
serve(struct feed *feed, struct producer *producer)
{
    pthread_mutex_lock(&feed->mutex);
    while (!feed->stop && feed->err.code == ERR_NONE) {
        int64_t from = feed->confirmed, to = feed->allowed;
        if (from == to) {
            pthread_cond_wait(&feed->changed, &feed->mutex);
            continue;
        }
        pthread_mutex_unlock(&feed->mutex);
        int status = feed_some(feed, producer, from, to);
        pthread_mutex_lock(&feed->mutex);
        if (status == 0)
            feed->confirmed = to;
        pthread_cond_broadcast(&feed->changed);
    }
    pthread_mutex_unlock(&feed->mutex);
}

static void *
feed_main(void *opaque)
{
    struct feed *feed = opaque;
    struct config *config = config_new();
    struct producer *producer = NULL;
    if (producer_open(&producer, config, kafkatest_brokers(), feed->run->topic, &feed->err) == 0) {
        serve(feed, producer);
        producer_close(producer);
    }
    pthread_mutex_lock(&feed->mutex);
    pthread_cond_broadcast(&feed->changed);
    pthread_mutex_unlock(&feed->mutex);
    config_free(config);
    return NULL;
}

void
feed_start(struct run *run)
{
    struct feed *feed = calloc(1, sizeof(*feed));
    feed->run = run;
    feed->life = &run->plan.lives[run->life];
    run->allowed = 0;
    pthread_mutex_init(&feed->mutex, NULL);
    pthread_cond_init(&feed->changed, NULL);
    run->feed = feed;
    if (pthread_create(&feed->thread, NULL, feed_main, feed) != 0)
        abort();
}

void
feed_allow(struct run *run, int64_t count)
{
    struct feed *feed = run->feed;
    if (count <= run->allowed)
        return;
    run->allowed = count;
    pthread_mutex_lock(&feed->mutex);
    feed->allowed = count;
    pthread_cond_broadcast(&feed->changed);
    pthread_mutex_unlock(&feed->mutex);
}

void
feed_wait(struct run *run, int64_t count)
{
    struct feed *feed = run->feed;
    pthread_mutex_lock(&feed->mutex);
    while (feed->confirmed < count && feed->err.code == ERR_NONE)
        pthread_cond_wait(&feed->changed, &feed->mutex);
    struct err err = feed->err;
    pthread_mutex_unlock(&feed->mutex);
    if (err.code != ERR_NONE)
        fail_run(run, "producing: %s", err.message);
}

void
feed_stop(struct run *run)
{
    struct feed *feed = run->feed;
    if (feed == NULL)
        return;
    pthread_mutex_lock(&feed->mutex);
    feed->stop = true;
    pthread_cond_broadcast(&feed->changed);
    pthread_mutex_unlock(&feed->mutex);
    pthread_join(feed->thread, NULL);
    pthread_mutex_destroy(&feed->mutex);
    pthread_cond_destroy(&feed->changed);
    free(feed);
    run->feed = NULL;
}
