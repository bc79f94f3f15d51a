/*
 * Time zones of sources: from the clock on a wall to UTC. A zone is an offset from UTC ("+02:00")
 * or a name of the IANA database ("Europe/Berlin"), read from the system's zoneinfo files when it
 * is first asked for and kept as long as the process. Nothing depends on TZ or the locale, and any
 * thread may ask at any time; that is what the C library's own zone cannot do.
 *
 * A zone is a pointer that never becomes invalid; NULL is UTC.
 *
 * Where clocks are put back, a time of day occurs twice: it is read as the first of the two. Where
 * they are put forward, it does not occur: it is read with the offset that held before, which is as
 * long after the change as the clock on the wall says it is.
 */
#ifndef BASE_ZONE_ZONE_H
#define BASE_ZONE_ZONE_H

#include "base/clock.h"

#define ZONE_NAME_MAX 64

struct zone_change {
    int64_t at_s;     /* UTC, from when on the rest holds */
    int32_t offset_s; /* east of UTC */
    char name[8];     /* "CEST"; cut */
};

struct zone {
    char name[ZONE_NAME_MAX];
    size_t count; /* at least 1; the first one holds from the beginning */
    struct zone_change changes[];
};

/*
 * "Europe/Berlin", "+02:00", "+0200", "+02", "UTC", "Z"; an empty name is UTC. CONFIG: there is no
 * such zone; names of offsets that are not zones ("CEST") are none.
 */
int zone_find(struct sv name, const struct zone **ret_zone, struct err *err) MUST_CHECK;
/* "Europe/Berlin", "+02:00", "UTC": as it is found again. */
const char *zone_name(const struct zone *zone);

/*
 * The version of the system's time zone database, on which every time in a named zone rests:
 * "2025b"; "unknown" where its files do not say. Read once; any thread.
 */
const char *zone_database_version(void);

/* What holds at a moment. */
const struct zone_change *zone_at(const struct zone *zone, int64_t utc_s);
/* Of a clock on the wall there, as if it were UTC, to UTC; see above. */
int64_t zone_to_utc_slow(const struct zone *zone, int64_t wall_ns);
static inline int64_t
zone_to_utc(const struct zone *zone, int64_t wall_ns)
{
    return zone == NULL ? wall_ns : zone_to_utc_slow(zone, wall_ns);
}

/*
 * The offset that a name behind a time stands for: "CEST", "PST"; see zone_names.def. `told` is the
 * zone that was told for the source: a name that several regions use is the one of that zone, where
 * it has such a name. *ret_certain: no other region of weight uses the name. False: not known.
 */
bool zone_abbreviation(struct sv name, const struct zone *told, int32_t *ret_offset_s,
                       bool *ret_certain);

#endif
