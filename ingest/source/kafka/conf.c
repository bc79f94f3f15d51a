/*
 * Settings of librdkafka and the meaning of its errors: see conf.h. No state.
 */
#include "ingest/source/kafka/conf.h"

#include <string.h>

#include "base/thread.h"

#define HINT_CERTIFICATE                                                                           \
    "the broker refuses this client's certificate: check rdkafka.ssl.certificate.location and "    \
    "rdkafka.ssl.key.location"
#define HINT_PROTOCOL                                                                              \
    "is the broker running, and does this listener speak what rdkafka.security.protocol says?"
#define HINT_UNPACK                                                                                \
    "the batch is broken, or unpacks to more than rdkafka.receive.message.max.bytes: raise that "  \
    "for this run, or have the broker delete the records up to there"
#define HINT_RIGHTS "the user lacks rights on the topic or the group: see docs/security.md"

static int
set_one(rd_kafka_conf_t *conf, const char *name, const char *value, struct err *err)
{
    char text[256];
    if (rd_kafka_conf_set(conf, name, value, text, sizeof(text)) == RD_KAFKA_CONF_OK)
        return 0;
    err_set(err, ERR_CONFIG, "rdkafka.%s: %s", name, text);
    return err_hint(err, "settings of librdkafka are listed in its CONFIGURATION.md");
}

static int
set_all(rd_kafka_conf_t *conf, const struct kafka_setting *settings, struct err *err)
{
    for (; settings != NULL && settings->name != NULL; settings++)
        if (set_one(conf, settings->name, settings->value, err) != 0)
            return -1;
    return 0;
}

static int
set_users(rd_kafka_conf_t *conf, const struct config *config, const struct kafka_setting *fixed,
          struct err *err)
{
    for (size_t i = 0; i < config_rdkafka_count(config); i++) {
        const char *name, *value;
        config_rdkafka_at(config, i, &name, &value);
        for (const struct kafka_setting *f = fixed; f != NULL && f->name != NULL; f++)
            if (strcmp(f->name, name) == 0) {
                err_set(err, ERR_CONFIG, "rdkafka.%s cannot be changed", name);
                return err_hint(err, "delivery without loss depends on %s=%s", name, f->value);
            }
        if (set_one(conf, name, value, err) != 0)
            return -1;
    }
    return 0;
}

rd_kafka_conf_t *
kafka_conf_new(const struct config *config, const char *brokers, const struct kafka_setting *ours,
               const struct kafka_setting *fixed, struct err *err)
{
    if (brokers == NULL || brokers[0] == '\0') {
        err_set(err, ERR_CONFIG, "no Kafka broker is configured");
        err_hint(err, "set --kafka-brokers HOST:PORT or HINDCAST_KAFKA_BROKERS");
        return NULL;
    }
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, NULL);
    if (set_one(conf, "bootstrap.servers", brokers, err) != 0 || set_all(conf, ours, err) != 0 ||
        set_all(conf, fixed, err) != 0 || set_users(conf, config, fixed, err) != 0) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    return conf;
}

static void
end_handle(void *rk)
{
    rd_kafka_destroy(rk);
}

static void
leave_group_and_end_handle(void *rk)
{
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
}

bool
kafka_handle_end(rd_kafka_t *rk, bool in_group, int64_t until_ns)
{
    return thread_run_until(in_group ? leave_group_and_end_handle : end_handle, rk, until_ns);
}

struct meaning {
    rd_kafka_resp_err_t code;
    enum err_code means;
};

static const struct meaning meanings[] = {
    {RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR__TRANSPORT, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR__RESOLVE, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR__TIMED_OUT, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR__WAIT_COORD, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR__WAIT_CACHE, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR_NOT_COORDINATOR, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, ERR_BROKER_DOWN},
    {RD_KAFKA_RESP_ERR__AUTHENTICATION, ERR_BROKER_AUTH},
    {RD_KAFKA_RESP_ERR__SSL, ERR_BROKER_AUTH},
    {RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, ERR_BROKER_AUTH},
    {RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, ERR_BROKER_AUTH},
    {RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE, ERR_BROKER_AUTH},
    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, ERR_BROKER_AUTH},
    {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, ERR_BROKER_AUTH},
    {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, ERR_BROKER_AUTH},
    {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, ERR_NOT_FOUND},
    {RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, ERR_NOT_FOUND},
    {RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, ERR_NOT_FOUND},
    {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, ERR_LIMIT},
    {RD_KAFKA_RESP_ERR__BAD_COMPRESSION, ERR_LIMIT},
};

static enum err_code
meaning_of(rd_kafka_resp_err_t code)
{
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (meanings[i].code == code)
            return meanings[i].means;
    return ERR_BROKER;
}

/*
 * What librdkafka tells by its reason only, above all about TLS, where its codes mix up "refused"
 * and "not there": a broker that goes down during a handshake must not look like a wrong
 * certificate, because waiting helps. The first words found decide.
 */
static const struct reason {
    const char *words;
    enum err_code means;
    const char *hint;
} reasons[] = {
    {"certificate verify failed", ERR_BROKER_AUTH,
     "check rdkafka.ssl.ca.location, and that the broker's certificate names the host that "
     "kafka.brokers names"},
    {"alert bad certificate", ERR_BROKER_AUTH, HINT_CERTIFICATE},
    {"alert certificate", ERR_BROKER_AUTH, HINT_CERTIFICATE}, /* required, expired, unknown ... */
    {"alert unknown ca", ERR_BROKER_AUTH, HINT_CERTIFICATE},
    {"alert handshake failure", ERR_BROKER_AUTH, HINT_CERTIFICATE},
    {"unexpected eof while reading", ERR_BROKER_DOWN, HINT_PROTOCOL},
    {"SSL handshake failed: Disconnected", ERR_BROKER_DOWN, HINT_PROTOCOL},
    {"incorrect security.protocol", ERR_BROKER_DOWN, HINT_PROTOCOL},
    {"wrong version number", ERR_BROKER_AUTH, HINT_PROTOCOL},
    {"authorization failed", ERR_BROKER_AUTH, HINT_RIGHTS},
    {"Decompression (codec", ERR_LIMIT, HINT_UNPACK},
};

/* librdkafka before 2.6.1 sends a wrong SCRAM nonce, which Kafka 4 no longer lets pass. */
#define SCRAM_WORKS 0x020601ff
#define HINT_SCRAM                                                                                 \
    "this librdkafka (%s) cannot do SCRAM with Kafka 4, 2.6.1 can: update it, or use PLAIN over "  \
    "TLS or a client certificate"

static const struct reason *
reason_of(const char *text)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (strstr(text, reasons[i].words) != NULL)
            return &reasons[i];
    return NULL;
}

static const char *
hint_of(enum err_code means)
{
    switch ((int)means) {
    case ERR_BROKER_DOWN:
        return "is the broker running, and is this address right? (kafka.brokers)";
    case ERR_BROKER_AUTH:
        return "check rdkafka.security.protocol and rdkafka.sasl.*, and the user's rights";
    case ERR_NOT_FOUND:
        return "check kafka.topics; 'hindcast load' creates a topic where the broker allows it";
    case ERR_LIMIT:
        return "raise max.message.bytes of the topic and rdkafka.message.max.bytes";
    default:
        return "";
    }
}

int
kafka_err(struct err *err, rd_kafka_resp_err_t code, const char *brokers, const char *what,
          const char *detail)
{
    const char *text = detail != NULL && detail[0] != '\0' ? detail : rd_kafka_err2str(code);
    const struct reason *reason = reason_of(text);
    enum err_code means = reason != NULL ? reason->means : meaning_of(code);
    err_set(err, means, "Kafka at %s: %s: %s", brokers, what, text);
    if (strstr(text, "mechanism SCRAM") != NULL && rd_kafka_version() < SCRAM_WORKS)
        return err_hint(err, HINT_SCRAM, rd_kafka_version_str());
    const char *hint = reason != NULL ? reason->hint : hint_of(means);
    return hint[0] != '\0' ? err_hint(err, "%s", hint) : -1;
}
