/*
 * What consumer, producer and mock broker share about librdkafka: settings and what its errors
 * mean. The one header that shows its types; included below ingest/source/ only.
 */
#ifndef INGEST_SOURCE_KAFKA_CONF_H
#define INGEST_SOURCE_KAFKA_CONF_H

#include <librdkafka/rdkafka.h>

#include "base/clock.h"
#include "base/config/config.h"
#include "base/err.h"

struct kafka_setting {
    const char *name, *value;
};

/*
 * A configuration with brokers, then `ours`, then the rdkafka.* settings of the user. A setting of
 * the user that `fixed` (ends with a NULL name) or delivery depends on is refused. No log lines:
 * errors reach the error callback. NULL with err filled in.
 */
rd_kafka_conf_t *
kafka_conf_new(const struct config *config, const char *brokers, const struct kafka_setting *ours,
               const struct kafka_setting *fixed, struct err *err);

/*
 * Destroys a handle, for consumers of a group after leaving it. librdkafka 2.0.2 may wait for good
 * for a thread of its own that has ended, when a topic was made again with fewer partitions: false
 * when it is not done by `until_ns` (monotonic). Then the handle is left behind (base/thread.h),
 * and all that its callbacks point at must stay.
 */
bool kafka_handle_end(rd_kafka_t *rk, bool in_group, int64_t until_ns);
#define KAFKA_END_NS (3 * NS_PER_S)

/* Fill in err from librdkafka's code and text, with a hint; returns -1. */
int kafka_err(struct err *err, rd_kafka_resp_err_t code, const char *brokers, const char *what,
              const char *detail);

#endif
