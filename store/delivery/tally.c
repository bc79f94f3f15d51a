/*
 * Counts of a batch: see tally.h. Called for every event, so a cell is found by a hash over what
 * names it, and most often it is the one found last.
 */
#include "store/delivery/tally.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "store/delivery/part.h"
#include "store/delivery/row.h"
#include "store/pg/copy.h"

#define SLOTS_MIN 64
#define DELTA_FIELDS 9
#define NO_MINUTE INT64_MIN

/* Beside the kinds of events, whose numbers are below. */
#define KIND_MANIFEST 100
#define KIND_QUARANTINED 101
#define KIND_PERSON 102

struct tally_cell {
    int64_t minute; /* since 1970, or NO_MINUTE */
    int64_t events;
    uint64_t hash;
    size_t names;                    /* place of the first name */
    uint32_t scope, service, format; /* lengths of the names */
    uint8_t kind, severity, time_source;
};

/* What names a cell. */
struct key {
    int64_t minute;
    struct sv scope, service, format;
    uint8_t kind, severity, time_source;
};

void
tally_init(struct tally *tally)
{
    *tally = (struct tally){0};
    strbuf_init(&tally->names, 0);
}

void
tally_release(struct tally *tally)
{
    free(tally->cells);
    free(tally->slots);
    strbuf_release(&tally->names);
}

void
tally_clear(struct tally *tally)
{
    if (tally->count > 0)
        memset(tally->slots, 0, tally->slot_count * sizeof(*tally->slots));
    tally->count = 0;
    strbuf_clear(&tally->names);
}

/* ---- finding a cell ---- */

static uint64_t
mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

static uint64_t
mix_name(uint64_t hash, struct sv name)
{
    size_t at = 0;
    for (; at + sizeof(uint64_t) <= name.len; at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, name.ptr + at, sizeof(word));
        hash = mix(hash, word);
    }
    uint64_t rest = 0;
    if (at < name.len)
        memcpy(&rest, name.ptr + at, name.len - at);
    return mix(hash, rest ^ (uint64_t)name.len << 56);
}

static uint64_t
hash_of(const struct key *key)
{
    uint64_t small = (uint64_t)key->kind << 16 | (uint64_t)key->severity << 8 | key->time_source;
    uint64_t hash = mix(mix(0, (uint64_t)key->minute), small);
    return mix_name(mix_name(mix_name(hash, key->service), key->scope), key->format);
}

static struct sv
name_at(const struct tally *tally, size_t at, size_t len)
{
    return len == 0 ? SV("") : sv_of(tally->names.ptr + at, len);
}

static bool
is_cell(const struct tally *tally, const struct tally_cell *cell, const struct key *key)
{
    size_t at = cell->names;
    return cell->minute == key->minute && cell->kind == key->kind &&
           cell->severity == key->severity && cell->time_source == key->time_source &&
           sv_eq(name_at(tally, at, cell->scope), key->scope) &&
           sv_eq(name_at(tally, at + cell->scope, cell->service), key->service) &&
           sv_eq(name_at(tally, at + cell->scope + cell->service, cell->format), key->format);
}

/* The slot of the cell, or the free one where it would be. */
static uint32_t *
find_slot(const struct tally *tally, const struct key *key, uint64_t hash)
{
    size_t mask = tally->slot_count - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        uint32_t *slot = &tally->slots[at];
        if (*slot == 0)
            return slot;
        const struct tally_cell *cell = &tally->cells[*slot - 1];
        if (cell->hash == hash && is_cell(tally, cell, key))
            return slot;
    }
}

/* Half of the slots stay free. */
static void
grow_slots(struct tally *tally)
{
    if (tally->slot_count >= 2 * (tally->count + 1))
        return;
    tally->slot_count = tally->slot_count == 0 ? SLOTS_MIN : 2 * tally->slot_count;
    free(tally->slots);
    tally->slots = memory_calloc(tally->slot_count, sizeof(*tally->slots));
    for (size_t i = 0; i < tally->count; i++) {
        size_t at = tally->cells[i].hash & (tally->slot_count - 1);
        while (tally->slots[at] != 0)
            at = (at + 1) & (tally->slot_count - 1);
        tally->slots[at] = (uint32_t)i + 1;
    }
}

static void
add_cell(struct tally *tally, const struct key *key, uint64_t hash, uint32_t *slot)
{
    if (tally->count == tally->size)
        tally->cells =
            memory_grow(tally->cells, &tally->size, tally->count + 1, sizeof(struct tally_cell));
    tally->cells[tally->count] = (struct tally_cell){
        .minute = key->minute,
        .hash = hash,
        .names = tally->names.len,
        .scope = (uint32_t)key->scope.len,
        .service = (uint32_t)key->service.len,
        .format = (uint32_t)key->format.len,
        .kind = key->kind,
        .severity = key->severity,
        .time_source = key->time_source,
    };
    strbuf_add_sv(&tally->names, key->scope);
    strbuf_add_sv(&tally->names, key->service);
    strbuf_add_sv(&tally->names, key->format);
    *slot = (uint32_t)++tally->count;
}

static void
add(struct tally *tally, const struct key *key, int64_t by)
{
    uint64_t hash = hash_of(key);
    grow_slots(tally);
    uint32_t *slot = find_slot(tally, key, hash);
    if (*slot == 0)
        add_cell(tally, key, hash, slot);
    tally->cells[*slot - 1].events += by;
}

/* ---- what is counted ---- */

static int64_t
minute_of(int64_t ns)
{
    return ns == TIME_NONE ? NO_MINUTE : ns / NS_PER_MINUTE;
}

static uint8_t
kind_of(enum event_kind kind, enum record_kind record_kind)
{
    return record_kind == RECORD_MANIFEST ? KIND_MANIFEST
           : record_kind == RECORD_PERSON ? KIND_PERSON
                                          : (uint8_t)kind;
}

void
tally_event(struct tally *tally, const struct event *event)
{
    const struct key key = {
        .minute = minute_of(event->event_time_ns),
        .scope = event->scope,
        .service = event->service,
        .format = event->format,
        .kind = kind_of(event->kind, event->record_kind),
        .severity = (uint8_t)event->severity,
        .time_source = (uint8_t)event->time_source,
    };
    add(tally, &key, 1);
}

void
tally_quarantined(struct tally *tally, struct sv format)
{
    const struct key key = {.minute = NO_MINUTE, .format = format, .kind = KIND_QUARANTINED};
    add(tally, &key, 1);
}

/* A smallint in COPY form. */
static int
small_number(struct sv field)
{
    return field.len == 2 ? (uint8_t)field.ptr[0] << 8 | (uint8_t)field.ptr[1] : 0;
}

void
tally_take_row(struct tally *tally, const struct row *row, bool log)
{
    enum record_kind record_kind =
        record_kind_read(row_field(row, log ? LOG_RECORD_KIND_PLACE : EVENT_RECORD_KIND_PLACE));
    enum event_kind kind = log ? EVENT_LOG : event_kind_read(row_field(row, EVENT_KIND_PLACE));
    const struct key key = {
        .minute = minute_of(row->event_ns),
        .scope = row_field(row, log ? LOG_SCOPE_PLACE : EVENT_SCOPE_PLACE),
        .service = row_field(row, log ? LOG_SERVICE_PLACE : EVENT_SERVICE_PLACE),
        .format = row_field(row, log ? LOG_FORMAT_PLACE : EVENT_FORMAT_PLACE),
        .kind = kind_of(kind, record_kind),
        .severity =
            (uint8_t)small_number(row_field(row, log ? LOG_SEVERITY_PLACE : EVENT_SEVERITY_PLACE)),
        .time_source = (uint8_t)time_source_read(
            row_field(row, log ? LOG_TIME_SOURCE_PLACE : EVENT_TIME_SOURCE_PLACE)),
    };
    add(tally, &key, -1);
}

/* ---- writing ---- */

static struct sv
kind_word(uint8_t kind)
{
    if (kind == KIND_MANIFEST)
        return SV("manifest");
    if (kind == KIND_QUARANTINED)
        return SV("quarantined");
    if (kind == KIND_PERSON)
        return SV("person");
    return sv_from(event_kind_word((enum event_kind)kind));
}

void
tally_put(const struct tally *tally, int64_t stream_id, struct strbuf *out)
{
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_cell *cell = &tally->cells[i];
        size_t at = cell->names;
        if (cell->events == 0)
            continue;
        copy_row(out, DELTA_FIELDS);
        copy_int8(out, stream_id);
        copy_time(out, cell->minute == NO_MINUTE ? TIME_NONE : cell->minute * NS_PER_MINUTE);
        copy_int8(out, cell->events);
        copy_int2(out, cell->severity);
        copy_text(out, name_at(tally, at, cell->scope));
        copy_bytes(out, name_at(tally, at + cell->scope, cell->service));
        copy_bytes(out, kind_word(cell->kind));
        copy_bytes(out, name_at(tally, at + cell->scope + cell->service, cell->format));
        copy_bytes(out, sv_from(time_source_word((enum time_source)cell->time_source)));
    }
}
