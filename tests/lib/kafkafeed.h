/*
 * Topics with holes, and looking at consumer groups, on a real Kafka (kafkatest.h): for tests.
 * Failures end the test.
 */
#ifndef TESTS_KAFKAFEED_H
#define TESTS_KAFKAFEED_H

#include <stdbool.h>
#include <stdint.h>

struct topic_setting {
    const char *name, *value;
};

void kafkafeed_create(const char *topic, int32_t partitions, const struct topic_setting *settings,
                      int count);

/*
 * Records for kafkafeed_send(): record `i` has value(i) written to `ret_value`, key(i) to `ret_key`
 * (NULL: no key), and the time it returns, in ms since 1970 (0: now).
 */
typedef int64_t kafkafeed_fill(int64_t i, char *ret_key, char *ret_value, int size);

/* Records [from, to) to partition i % partitions. `transaction`: NULL or a transactional id. */
void kafkafeed_send(const char *topic, int32_t partitions, int64_t from, int64_t to,
                    kafkafeed_fill *fill, const char *transaction, bool commit);

/* The writer of a transactional id is kept for the next transaction; ends it. */
void kafkafeed_forget_writer(void);

/* Records that a consumer with isolation.level=read_committed sees in a partition now. */
int64_t kafkafeed_count(const char *topic, int32_t partition);
/* Offset after the last record or marker. */
int64_t kafkafeed_end(const char *topic, int32_t partition);

/*
 * The group's members: how many, and in `ret_first` the id that the broker gave to the first. Its
 * state is "Stable" when no rebalance goes on. -1: the broker does not know the group.
 */
int kafkafeed_members(const char *group, char ret_first[128], char ret_state[32]);

#endif
