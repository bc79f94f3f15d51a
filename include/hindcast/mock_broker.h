/*
 * librdkafka's in-process broker, for draft and for unit tests: memory only, 5 MiB a partition,
 * older records are dropped silently (ingest/source/kafka/mock.c).
 */
#ifndef HINDCAST_MOCK_BROKER_H
#define HINDCAST_MOCK_BROKER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct mock_broker;
int mock_broker_start(struct mock_broker **ret_broker, const char *topic, int32_t partitions,
                      struct err *err) MUST_CHECK;
const char *mock_broker_address(const struct mock_broker *broker);
void mock_broker_stop(struct mock_broker *broker);
#define MOCK_PARTITION_BYTES_MAX ((size_t)5 * 1024 * 1024)

#endif
