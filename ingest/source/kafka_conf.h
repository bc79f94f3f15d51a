/*
 * What consumer, producer and mock broker share about librdkafka: settings and what its errors
 * mean. The one header that shows its types; included below ingest/source/ only.
 */
#ifndef INGEST_SOURCE_KAFKA_CONF_H
#define INGEST_SOURCE_KAFKA_CONF_H

#include <librdkafka/rdkafka.h>

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

/* Fill in err from librdkafka's code and text, with a hint; returns -1. */
int kafka_err(struct err *err, rd_kafka_resp_err_t code, const char *brokers, const char *what,
              const char *detail);

#endif
