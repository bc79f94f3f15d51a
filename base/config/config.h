/*
 * Configuration: one table (options.def), four layers: default, INI file, environment, command
 * line; the later wins. The values live as text with their origin; typed readers were validated
 * when the layer was read, so they cannot fail later. librdkafka settings pass through: [kafka]
 * keys with a dot or an underscore that begin with "rdkafka." are kept in order and handed on.
 *
 * Some options of [ingest] can be set for single topics (topic_options.def); what a topic says goes
 * before what [ingest] says, in whichever layer either stands.
 *
 * One `struct config` per process, filled by main before any thread starts, read-only afterwards.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stdint.h>
#include <stdio.h>

#include "base/config/option.h"
#include "base/err.h"
#include "base/sv.h"

enum option_origin { ORIGIN_DEFAULT, ORIGIN_FILE, ORIGIN_ENVIRONMENT, ORIGIN_COMMAND };

struct config;

struct config *config_new(void);
void config_free(struct config *config);
/*
 * Reads the INI file. path NULL: HINDCAST_CONFIG, else ./hindcast.ini, else /etc/hindcast.ini,
 * where they exist. Unknown sections and keys are errors that name the line.
 */
int config_read_file(struct config *config, const char *path, struct err *err) MUST_CHECK;
/* HINDCAST_SECTION_KEY; an unknown HINDCAST_* variable of a known section is an error. */
int config_read_environment(struct config *config, char **environment, struct err *err) MUST_CHECK;
int config_set(struct config *config, enum option option, const char *value,
               enum option_origin origin, struct err *err) MUST_CHECK;
/* librdkafka: name without the prefix "rdkafka.", e.g. "security.protocol". */
int config_set_rdkafka(struct config *config, const char *name, const char *value,
                       struct err *err) MUST_CHECK;
size_t config_rdkafka_count(const struct config *config);
void config_rdkafka_at(const struct config *config, size_t index, const char **ret_name,
                       const char **ret_value);

/* "TOPIC.KEY=VALUE", from the command line. */
int config_set_topic(struct config *config, const char *setting, struct err *err) MUST_CHECK;
/* Settings of single topics, sorted by topic; the name of the one at `index`. */
size_t config_topic_count(const struct config *config);
const char *config_topic_name(const struct config *config, size_t index);
/* What holds for this topic: its own setting, else the option's value. */
const char *config_topic_text(const struct config *config, const char *topic, enum option option);
bool config_topic_bool(const struct config *config, const char *topic, enum option option);

const char *config_text(const struct config *config, enum option option);
bool config_bool(const struct config *config, enum option option);
int64_t config_count(const struct config *config, enum option option); /* also BYTES */
int64_t config_duration_ns(const struct config *config, enum option option);
/* Of any type that is a number: a count, bytes or nanoseconds. */
int64_t config_number(const struct config *config, enum option option);
enum option_origin config_origin(const struct config *config, enum option option);

/* What `hindcast config` prints: effective values, secrets hidden, and where each came from. */
void config_print(const struct config *config, FILE *out);
/* The same, one JSON object a line: option, value (null: hidden), origin, where. */
void config_print_json(const struct config *config, FILE *out);
/* docs/configuration.md, generated. */
void config_print_markdown(FILE *out);

#endif
