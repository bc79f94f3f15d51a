/*
 * How the records of each topic are read: the decode options of [ingest], changed by what
 * [topic.NAME] says. Made before a worker starts, read-only afterwards; its views point into the
 * configuration.
 */
#ifndef INGEST_TOPICS_H
#define INGEST_TOPICS_H

#include "base/config/config.h"
#include "hindcast/decoder.h"

struct topics {
    struct decode_options general; /* of topics without a section */
    struct topic_entry {
        const char *name;
        struct decode_options options;
    } * list;
    size_t count;
};

/* Fails on a format or zone that does not exist, and names the setting. */
int topics_init(struct topics *topics, const struct config *config, struct err *err) MUST_CHECK;
void topics_release(struct topics *topics);
/* The format of this name; "" is none. CONFIG: there is no such format. */
int topics_format(const char *name, struct sv *ret_format, struct err *err) MUST_CHECK;
/* Valid as long as `topics`. */
const struct decode_options *topics_find(const struct topics *topics, const char *topic);

#endif
