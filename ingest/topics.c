/*
 * Decode options per topic: see topics.h. Called when a worker is set up, and once for each
 * partition it is assigned.
 */
#include "ingest/topics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "ingest/scope.h"

/* Names the nearest, and as many of the others as there is room for. */
static int
no_format(const char *name, struct err *err)
{
    char list[200];
    size_t used = 0, shown = 0, count = decoder_count();
    struct nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < count; i++)
        nearest_offer(&nearest, decoder_info_at(i)->name);
    for (; shown < count; shown++) {
        const char *next = decoder_info_at(shown)->name;
        if (used + strlen(next) + 3 > sizeof(list))
            break;
        used +=
            (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", used == 0 ? "" : ", ", next);
    }
    err_set(err, ERR_CONFIG, "'%s' is not a format%s%s%s", name,
            nearest.found == NULL ? "" : "; did you mean '",
            nearest.found == NULL ? "" : nearest.found, nearest.found == NULL ? "" : "'?");
    if (shown == count)
        return err_hint(err, "the formats are %s", list);
    return err_hint(err, "%s, ...: 'hindcast formats' lists all %zu", list, count);
}

/* As its entry has it. */
int
topics_format(const char *name, struct sv *ret_format, struct err *err)
{
    *ret_format = SV_NONE;
    if (name[0] == '\0')
        return 0;
    for (size_t i = 0; i < decoder_count() && ret_format->ptr == NULL; i++)
        if (strcmp(decoder_info_at(i)->name, name) == 0)
            *ret_format = sv_from(decoder_info_at(i)->name);
    return ret_format->ptr == NULL ? no_format(name, err) : 0;
}

static struct sv
set_or_none(const char *text)
{
    return text[0] == '\0' ? SV_NONE : sv_from(text);
}

static int
name_option(const char *topic, const char *key, struct err *err)
{
    return topic[0] == '\0' ? err_prefix(err, "ingest.%s", key)
                            : err_prefix(err, "topic.%s.%s", topic, key);
}

/* topic "": what holds for those without a section; no topic can have that name. */
static int
read_options(const struct config *config, const char *topic, struct decode_options *ret_options,
             struct err *err)
{
    const char *format = config_topic_text(config, topic, OPT_ingest_format);
    struct decode_options options = {
        .scope = set_or_none(config_topic_text(config, topic, OPT_ingest_scope)),
        .scope_by = set_or_none(config_topic_text(config, topic, OPT_ingest_scope_by)),
        .scopes = set_or_none(config_topic_text(config, topic, OPT_ingest_scopes)),
        .default_service = set_or_none(config_topic_text(config, topic, OPT_ingest_service)),
        .default_environment =
            set_or_none(config_topic_text(config, topic, OPT_ingest_environment)),
        .dedup_native = strcmp(config_topic_text(config, topic, OPT_ingest_dedup), "native") == 0,
        .ignore_headers = !config_topic_bool(config, topic, OPT_ingest_headers),
    };
    const char *zone = config_topic_text(config, topic, OPT_ingest_assumed_zone);
    if (topics_format(format, &options.format, err) < 0)
        return name_option(topic, "format", err);
    if (zone_find(sv_from(zone), &options.zone, err) < 0)
        return name_option(topic, "assumed_zone", err);
    if (scope_options_check(&options, err) < 0)
        return name_option(topic, "scope_by", err);
    *ret_options = options;
    return 0;
}

int
topics_init(struct topics *topics, const struct config *config, struct err *err)
{
    size_t settings = config_topic_count(config);
    *topics = (struct topics){.list = memory_calloc(settings + 1, sizeof(*topics->list))};
    int status = read_options(config, "", &topics->general, err);
    for (size_t i = 0; i < settings && status == 0; i++) {
        const char *name = config_topic_name(config, i);
        if (topics->count > 0 && strcmp(topics->list[topics->count - 1].name, name) == 0)
            continue;
        struct topic_entry *entry = &topics->list[topics->count++];
        entry->name = name;
        status = read_options(config, name, &entry->options, err);
    }
    if (status < 0)
        topics_release(topics);
    return status;
}

void
topics_release(struct topics *topics)
{
    free(topics->list);
    topics->list = NULL;
    topics->count = 0;
}

const struct decode_options *
topics_find(const struct topics *topics, const char *topic)
{
    for (size_t i = 0; i < topics->count; i++)
        if (strcmp(topics->list[i].name, topic) == 0)
            return &topics->list[i].options;
    return &topics->general;
}
