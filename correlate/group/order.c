/*
 * Which of two occurrences comes first, and which of two deliveries counts. What records say
 * decides and, at last, where they lie: records produced again in another order must tell the same.
 * Called by dedup, episodes and rows.
 */
#include "correlate/group/order.h"

#include <string.h>

static int
cmp_int64(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

int
coordinates_cmp(const struct observation *a, const struct observation *b)
{
    int order = sv_cmp(a->topic, b->topic);
    if (order == 0)
        order = sv_cmp(a->cluster, b->cluster);
    if (order == 0)
        order = cmp_int64(a->incarnation, b->incarnation);
    if (order == 0)
        order = cmp_int64(a->partition, b->partition);
    if (order == 0)
        order = cmp_int64(a->at.offset, b->at.offset);
    return order != 0 ? order : cmp_int64(a->at.index, b->at.index);
}

int
content_cmp(const struct event *a, const struct event *b)
{
    const int64_t numbers[][2] = {
        {a->event_time_ns, b->event_time_ns},
        {a->sequence, b->sequence},
        {a->kind, b->kind},
        {a->record_kind, b->record_kind},
        {a->phase, b->phase},
        {a->precision, b->precision},
        {a->time_source, b->time_source},
        {a->severity, b->severity},
        {a->actor_type, b->actor_type},
        {a->marks, b->marks},
    };
    const struct sv texts[][2] = {
        {a->identity, b->identity},
        {a->format, b->format},
        {a->source, b->source},
        {a->source_time_text, b->source_time_text},
        {a->service, b->service},
        {a->environment, b->environment},
        {a->host, b->host},
        {a->severity_text, b->severity_text},
        {a->title, b->title},
        {a->body, b->body},
        {a->actor, b->actor},
        {a->channel, b->channel},
        {a->thread_key, b->thread_key},
        {a->dedup_key, b->dedup_key},
        {a->fingerprint, b->fingerprint},
        {a->group_key, b->group_key},
        {a->correlation_key, b->correlation_key},
        {a->incident_ref, b->incident_ref},
        {a->trace_id, b->trace_id},
        {a->ref, b->ref},
        {a->url, b->url},
        {a->attributes, b->attributes},
    };
    int order = 0;
    for (size_t i = 0; order == 0 && i < sizeof(numbers) / sizeof(numbers[0]); i++)
        order = cmp_int64(numbers[i][0], numbers[i][1]);
    for (size_t i = 0; order == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
        order = sv_cmp(texts[i][0], texts[i][1]);
    return order;
}

int
evidence_cmp(const struct observation *a, const struct observation *b)
{
    int order = memcmp(a->sha256.bytes, b->sha256.bytes, SHA256_BYTES);
    if (order == 0)
        order = memcmp(a->frame.bytes, b->frame.bytes, SHA256_BYTES);
    if (order == 0)
        order = content_cmp(&a->event, &b->event);
    if (order == 0)
        order = cmp_int64(a->kafka_time_ns, b->kafka_time_ns);
    return order != 0 ? order : coordinates_cmp(a, b);
}

int
occurrence_tie_cmp(const struct observation *a, const struct observation *b)
{
    const struct event *one = &a->event, *two = &b->event;
    bool named = !sv_empty(one->identity);
    if (one->sequence != two->sequence)
        return one->sequence < two->sequence ? -1 : 1;
    if (named != !sv_empty(two->identity))
        return named ? -1 : 1;
    return named ? memcmp(one->uid, two->uid, UID_BYTES) : coordinates_cmp(a, b);
}

/* Negative numbers first. */
static void
add_number(struct strbuf *out, int64_t value)
{
    uint64_t bits = (uint64_t)value ^ (UINT64_C(1) << 63);
    for (int shift = 56; shift >= 0; shift -= 8)
        strbuf_add_char(out, (char)(unsigned char)(bits >> shift & 0xff));
}

/* Ended by what is smaller than any byte, so that a text comes before what it begins. */
static void
add_text(struct strbuf *out, struct sv text)
{
    strbuf_add_sv(out, text);
    strbuf_add_char(out, '\0');
}

void
occurrence_tie_bytes(struct strbuf *out, const struct observation *observation)
{
    const struct event *event = &observation->event;
    bool named = !sv_empty(event->identity);
    add_number(out, event->sequence);
    strbuf_add_char(out, named ? '\0' : '\1');
    if (named) {
        strbuf_add(out, (const char *)event->uid, UID_BYTES);
        return;
    }
    add_text(out, observation->topic);
    add_text(out, observation->cluster);
    add_number(out, observation->incarnation);
    add_number(out, observation->partition);
    add_number(out, observation->at.offset);
    add_number(out, observation->at.index);
}
