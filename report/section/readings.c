/*
 * What was read of each topic: see readings.h. Rows of one topic follow one another.
 */
#include "report/section/readings.h"

#include "report/list.h"

void
add_time_sources(struct document *document, const int64_t events[TIME_SOURCE_ABSENT + 1],
                 const char *joint)
{
    static const char *const words[] = {[TIME_SOURCE_NATIVE] = "of their own",
                                        [TIME_SOURCE_ASSUMED_ZONE] = "with an assumed zone",
                                        [TIME_SOURCE_ASSUMED_YEAR] = "with an assumed year",
                                        [TIME_SOURCE_ASSUMED_DATE] = "with an assumed date",
                                        [TIME_SOURCE_INHERITED] = "of the line before",
                                        [TIME_SOURCE_KAFKA] = "of the Kafka record",
                                        [TIME_SOURCE_ABSENT] = "none, so in no timeline"};
    for (int source = TIME_SOURCE_NATIVE; source <= TIME_SOURCE_ABSENT; source++) {
        if (events[source] == 0)
            continue;
        document_wordsf(document, "%s%lld %s", joint, (long long)events[source], words[source]);
        joint = ", ";
    }
}

static void
add_format(struct document *document, const struct topic_reading *reading)
{
    if (reading->others)
        document_words(document, "other formats");
    else if (sv_empty(reading->format))
        document_words(document, "no known format");
    else
        document_text(document, reading->format);
}

static int64_t
events_of(const struct topic_reading *reading)
{
    int64_t events = 0;
    for (int source = TIME_SOURCE_NATIVE; source <= TIME_SOURCE_ABSENT; source++)
        events += reading->events[source];
    return events;
}

/* "25 events as logfmt, 3 as text" */
static void
add_formats(struct document *document, const struct topic_reading *readings, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        int64_t events = events_of(&readings[i]);
        if (events == 0)
            continue;
        document_wordsf(document, "%s%lld%s as ", any ? ", " : "", (long long)events,
                        any           ? ""
                        : events == 1 ? " event"
                                      : " events");
        add_format(document, &readings[i]);
        any = true;
    }
    if (!any)
        document_words(document, "no event");
}

static void
add_times(struct document *document, const struct topic_reading *readings, size_t count)
{
    int64_t events[TIME_SOURCE_ABSENT + 1] = {0};
    for (size_t i = 0; i < count; i++)
        for (int source = TIME_SOURCE_NATIVE; source <= TIME_SOURCE_ABSENT; source++)
            events[source] += readings[i].events[source];
    add_time_sources(document, events, "; times: ");
}

static void
add_quarantine(struct document *document, const struct topic_reading *readings, size_t count)
{
    const char *joint = "; in quarantine: ";
    for (size_t i = 0; i < count; i++) {
        int64_t records = readings[i].quarantined;
        if (records == 0)
            continue;
        document_wordsf(document, "%s%lld %s like ", joint, (long long)records,
                        records == 1 ? "record that looks" : "records that look");
        add_format(document, &readings[i]);
        joint = ", ";
    }
}

static void
add_topic(struct document *document, const struct topic_reading *readings, size_t count)
{
    int64_t manifests = 0, persons = 0, uncounted = 0;
    for (size_t i = 0; i < count; i++) {
        manifests += readings[i].manifests;
        persons += readings[i].persons;
        uncounted += readings[i].uncounted;
    }
    document_begin(document, BLOCK_ABOUT);
    document_words(document, "topic ");
    document_text(document, readings[0].topic);
    document_words(document, ": ");
    add_formats(document, readings, count);
    add_times(document, readings, count);
    add_quarantine(document, readings, count);
    if (manifests > 0)
        document_wordsf(document, "; records about loaded files: %lld", (long long)manifests);
    if (persons > 0)
        document_wordsf(document, "; records about users: %lld", (long long)persons);
    if (uncounted != 0)
        document_wordsf(document, "; %lld events were not counted", (long long)uncounted);
}

void
add_readings(struct draft *draft)
{
    const struct topic_reading *readings = draft->context->readings;
    size_t count = draft->context->reading_count, topics = 0;
    for (size_t i = 0, next; i < count; i = next, topics++) {
        for (next = i; next < count && sv_eq(readings[next].topic, readings[i].topic) &&
                       sv_eq(readings[next].cluster_id, readings[i].cluster_id);)
            next++;
        if (topics < LIST_MAX)
            add_topic(draft->document, &readings[i], next - i);
    }
    if (topics > LIST_MAX) {
        document_begin(draft->document, BLOCK_ABOUT);
        document_wordsf(draft->document, "%zu more topics are not named here", topics - LIST_MAX);
    }
}

void
add_skipped(struct draft *draft)
{
    const struct skipped_lines *skipped = &draft->context->skipped;
    struct document *document = draft->document;
    if (skipped->count == 0)
        return;
    document_begin(document, BLOCK_ABOUT);
    document_wordsf(document, "skipped: %lld log %s before ", (long long)skipped->count,
                    skipped->count == 1 ? "line" : "lines");
    document_instant(document, skipped->from_ns);
    if (skipped->to_ns != TIME_NONE) {
        document_words(document, " or after ");
        document_instant(document, skipped->to_ns);
    }
    document_words(document, ", more than 24 hours outside what --from and --to name");
}
