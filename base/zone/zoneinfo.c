/*
 * Zone files: see zoneinfo.h. Every number of the file is checked: a broken file is not a zone
 * file.
 */
#include "base/zone/zoneinfo.h"

#include <stdlib.h>

#define HEADER_BYTES 44
#define TYPE_BYTES 6
#define CHANGES_MAX 10000

struct counts {
    size_t is_utc, is_standard, leaps, changes, types, letters;
};

static uint32_t
big_endian(const char *at)
{
    const unsigned char *bytes = (const unsigned char *)at;
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int64_t
big_endian_64(const char *at)
{
    return (int64_t)((uint64_t)big_endian(at) << 32 | big_endian(at + 4));
}

static bool
read_counts(struct sv bytes, size_t at, struct counts *ret_counts)
{
    if (bytes.len < at || bytes.len - at < HEADER_BYTES ||
        !sv_starts(sv_slice(bytes, at, bytes.len), SV("TZif")))
        return false;
    const char *numbers = bytes.ptr + at + 20;
    *ret_counts = (struct counts){big_endian(numbers),      big_endian(numbers + 4),
                                  big_endian(numbers + 8),  big_endian(numbers + 12),
                                  big_endian(numbers + 16), big_endian(numbers + 20)};
    /* Zones that count leap seconds ("right/...") have other moments than the rest of the world. */
    return ret_counts->leaps == 0 && ret_counts->changes <= CHANGES_MAX && ret_counts->types >= 1 &&
           ret_counts->types <= 256 && ret_counts->letters <= 4096 && ret_counts->is_utc <= 256 &&
           ret_counts->is_standard <= 256;
}

static size_t
block_bytes(const struct counts *counts, size_t time_bytes)
{
    return counts->changes * (time_bytes + 1) + counts->types * TYPE_BYTES + counts->letters +
           counts->is_standard + counts->is_utc;
}

/* The block with 64-bit times. */
struct block {
    struct counts counts;
    const char *times, *which;
    struct sv types, letters;
};

static bool
add_type(const struct block *block, size_t type, int64_t at_s, struct zone **zone, size_t *room)
{
    if (type >= block->counts.types)
        return false;
    const char *info = block->types.ptr + type * TYPE_BYTES;
    int32_t offset_s = (int32_t)big_endian(info);
    struct sv name = sv_slice(block->letters, (unsigned char)info[5], block->letters.len);
    size_t end = sv_find_char(name, '\0');
    if (end == SIZE_MAX || offset_s <= -86400 * 2 || offset_s >= 86400 * 2)
        return false;
    zone_add(zone, room, at_s, offset_s, sv_slice(name, 0, end));
    return true;
}

static bool
add_changes(const struct block *block, struct zone **zone, size_t *room)
{
    bool fine = add_type(block, 0, INT64_MIN, zone, room);
    for (size_t i = 0; i < block->counts.changes && fine; i++) {
        int64_t at_s = big_endian_64(block->times + 8 * i);
        fine = at_s > (*zone)->changes[(*zone)->count - 1].at_s || (i == 0 && at_s == INT64_MIN);
        fine = fine && add_type(block, (unsigned char)block->which[i], at_s, zone, room);
    }
    return fine;
}

struct zone *
zoneinfo_read(struct sv bytes)
{
    struct counts first;
    struct block block;
    struct zone *zone = NULL;
    size_t room = 0;
    if (!read_counts(bytes, 0, &first) || bytes.ptr[4] < '2')
        return NULL;
    size_t at = HEADER_BYTES + block_bytes(&first, 4);
    if (!read_counts(bytes, at, &block.counts) ||
        bytes.len - at - HEADER_BYTES < block_bytes(&block.counts, 8))
        return NULL;
    block.times = bytes.ptr + at + HEADER_BYTES;
    block.which = block.times + block.counts.changes * 8;
    block.types = sv_of(block.which + block.counts.changes, block.counts.types * TYPE_BYTES);
    block.letters = sv_of(block.types.ptr + block.types.len, block.counts.letters);
    struct sv rule = sv_slice(bytes, at + HEADER_BYTES + block_bytes(&block.counts, 8), bytes.len);
    bool fine = add_changes(&block, &zone, &room);
    if (fine && rule.len > 2 && rule.ptr[0] == '\n')
        fine = zone_rule_expand(sv_trim(rule), &zone, &room);
    if (!fine) {
        free(zone);
        return NULL;
    }
    return zone;
}
