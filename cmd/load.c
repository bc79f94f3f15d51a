/*
 * hindcast load: files into a Kafka topic (app/load.h). Main thread.
 */
#include "app/load.h"
#include "cmd/command.h"

struct load_arguments {
    const char *topic, *brokers, *state, *undated;
    struct command_values zones, dates;
    bool again;
};

static const struct command_option own_options[] = {
    VALUE_AT("--topic", "TOPIC", "the topic to write to (as --load-topic)", struct load_arguments,
             topic),
    VALUE_AT("--brokers", "HOST:PORT,...", "the brokers (as --kafka-brokers)",
             struct load_arguments, brokers),
    VALUE_AT("--state", "FILE", "where to remember what was delivered", struct load_arguments,
             state),
    ZONES_AT(struct load_arguments, zones),
    DATES_AT(struct load_arguments, dates),
    UNDATED_AT(struct load_arguments, undated),
    FLAG_AT("--again", "send everything, whatever was delivered before", struct load_arguments,
            again),
};

static int
check(struct command_context *context, const struct load_arguments *arguments, struct err *err)
{
    if (arguments->topic != NULL &&
        config_set(context->config, OPT_load_topic, arguments->topic, ORIGIN_COMMAND, err) != 0)
        return -1;
    if (arguments->brokers != NULL && config_set(context->config, OPT_kafka_brokers,
                                                 arguments->brokers, ORIGIN_COMMAND, err) != 0)
        return -1;
    if (context->argc < 2) {
        err_set(err, ERR_USAGE, "load needs files, directories, zips, or '-' for standard input");
        return err_hint(err, "'hindcast load --help' tells more");
    }
    const char *topic = config_text(context->config, OPT_load_topic);
    if (!config_topic_bool(context->config, topic, OPT_ingest_headers)) {
        err_set(err, ERR_CONFIG, "the configuration says that the headers of %s are not read",
                topic);
        return err_hint(err, "what load knows of a record stands there: take another topic, or set "
                             "headers = yes for this one");
    }
    if (config_text(context->config, OPT_kafka_brokers)[0] == '\0') {
        err_set(err, ERR_CONFIG, "no brokers are configured");
        return err_hint(err, "give --brokers HOST:PORT, HINDCAST_KAFKA_BROKERS or [kafka] brokers");
    }
    return 0;
}

static int
run(struct command_context *context, struct err *err)
{
    const struct load_arguments *arguments = context->arguments;
    struct file_zones zones = {0};
    struct file_dates dates = {0};
    const struct load_request request = {
        .config = context->config,
        .paths = context->argv + 1,
        .path_count = context->argc - 1,
        .state = arguments->state,
        .zones = &zones,
        .dates = &dates,
        .date_of_file = command_word(arguments->undated, "file"),
        .again = arguments->again,
        .stop = command_stop_flag(),
    };
    if (check(context, arguments, err) != 0)
        return -1;
    int status = command_zones(&arguments->zones, &zones, err);
    if (status == 0)
        status = command_dates(&arguments->dates, &dates, err);
    command_handle_signals();
    if (status == 0)
        status = load_run(&request, err);
    file_zones_release(&zones);
    file_dates_release(&dates);
    return status;
}

const struct command command_load = {
    .name = "load",
    .usage = "PATH...",
    .summary = "read files, directories and zips into a Kafka topic",
    .operand = "PATH...",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(OPT_kafka_brokers, OPT_load_topic, OPT_load_manifest, OPT_ingest_maps,
                  OPT_ingest_schemas, OPT_ingest_headers),
    .arguments_size = sizeof(struct load_arguments),
    .run = run,
};
