/*
 * A real Kafka for tests: the broker that HINDCAST_KAFKA names, topics of a test's own, records.
 * Failures end the test.
 */
#ifndef TESTS_KAFKATEST_H
#define TESTS_KAFKATEST_H

#include <stdint.h>

#include "base/sv.h"

/* Address of the broker, or NULL: the test is to be skipped. */
const char *kafkatest_brokers(void);
void kafkatest_create_topic(const char *topic, int32_t partitions);
/* The same with one of the topic's settings, e.g. "compression.type". */
void kafkatest_create_topic_with(const char *topic, int32_t partitions, const char *name,
                                 const char *value);
void kafkatest_delete_topic(const char *topic);
/* What retention does: records below `offset` go away. */
void kafkatest_delete_records(const char *topic, int32_t partition, int64_t offset);

#endif
