/*
 * JSON for log records, read in one pass: no tree, no copies, no allocation per member. The scan
 * checks the whole text by the grammar of RFC 8259 and leaves behind where the members of the
 * outermost value lie and where the fields lie that somebody asked for. What it accepts, and what
 * it reads, is what jansson does (tests/fuzz/tape_fuzz.c compares them); decoders of alerts, chat
 * and changes work on jansson's tree, see json.h.
 *
 * Fields are asked for in lists of dotted paths, alternatives separated by '|', all known before
 * a scan (decoders register theirs, see registry.h; later ones while nobody scans). There may be
 * any number: the first TAPE_NEAR, which are those of log lines, have a place of their own on every
 * tape, the others share a table that only a text which holds some of them pays for. "log.level"
 * finds
 * {"log.level":..} and {"log":{"level":..}}: of several spellings the shallowest counts, of equal
 * keys the last, though what only an earlier one holds deeper down is found. JSON null counts as
 * absent.
 *
 * Repair is the same as for trees: bytes that are not UTF-8, U+0000 and escapes of lone surrogates
 * become U+FFFD, so everything read from a tape is storable.
 *
 * Ownership: a tape points into the scanned text and into the arena. One thread.
 */
#ifndef INGEST_PARSE_TAPE_H
#define INGEST_PARSE_TAPE_H

#include "base/arena.h"
#include "base/sv.h"
#include "ingest/parse/json.h"

enum tape_type {
    TAPE_NULL,
    TAPE_FALSE,
    TAPE_TRUE,
    TAPE_NUMBER,
    TAPE_STRING,
    TAPE_ARRAY,
    TAPE_OBJECT,
};

struct tape_value {
    const char *ptr; /* a string without its quotes, anything else as it stands */
    uint32_t len;
    uint8_t type;
    bool escaped; /* a string that holds escapes */
    uint8_t depth;
};

/* A member of the outermost object (key and value as they stand), or an element of an array. */
struct tape_member {
    const char *from; /* the quote of the key, or the element */
    const char *to;
    int32_t field; /* -1: nobody asked for it */
    uint8_t type;
};

/* Fields below this are near ones, the others are multiples of it: see tape_private.h. */
#define TAPE_NEAR 256
#define TAPE_WORDS (TAPE_NEAR / 64)
#define TAPE_PATH_KEYS_MAX 15
#define TAPE_MEMBERS_MAX 20000 /* of the outermost value: TREE_TOO_MANY beyond */

/* Alternatives of one thing. The paths live as long as the list, which lives as long as it is asked
 * for; the rest is filled in by tape_register(). */
struct field_list {
    const char *paths;
    int count;
    const int32_t *fields;     /* as long as the process */
    uint64_t mask[TAPE_WORDS]; /* the near ones, and whether there are others */
};

/* A field beyond the near ones that the text holds. */
struct tape_far {
    int32_t field; /* -1: a free slot */
    struct tape_value *value;
};

struct tape {
    struct sv text; /* repaired */
    enum tape_type type;
    struct tape_member *members;
    size_t count, size;
    uint64_t present[TAPE_WORDS];
    struct tape_value values[TAPE_NEAR]; /* where present */
    struct tape_far *far;                /* a hash table; NULL: none */
    uint32_t far_count, far_size;
    bool odd; /* holds numbers that readers of JSON, PostgreSQL among them, may not take */
};

/* While nobody scans, on one thread. Asserts that no path has more than TAPE_PATH_KEYS_MAX keys.
 */
void tape_register(struct field_list *list);
/* How many fields are known, and which of them one is: from 0 on, without gaps. */
size_t tape_field_count(void);
size_t tape_field_number(int field);

/* Any JSON text. The tape is not cleared: only what is reached through this header may be read. */
enum tree_problem tape_scan(struct arena *arena, struct sv text, struct tape *ret_tape);

/* The first alternative that is there and not an empty string; NULL when there is none. */
const struct tape_value *tape_find(const struct tape *tape, const struct field_list *list);
bool tape_has(const struct tape *tape, const struct field_list *list);
/* Of one alternative alone: its value also when that is an empty string, NULL when null. */
const struct tape_value *
tape_alternative(const struct tape *tape, const struct field_list *list, int number);
/* True if the name of the first alternative is there, be it null. */
bool tape_named(const struct tape *tape, const struct field_list *list);
/* The fields beyond the near ones that the text holds, one a call, in no certain order; -1 at the
 * end. *slot is 0 before the first call. */
int tape_next_far(const struct tape *tape, uint32_t *slot);
/* The value of a field; NULL when it is not there or null. */
const struct tape_value *tape_value_of(const struct tape *tape, int field);
/* A scalar as text; a copy only where escapes have to be undone. SV_NONE for null, objects, arrays.
 */
struct sv tape_text(struct arena *arena, const struct tape_value *value);
/* tape_text of the first alternative that is a scalar and not empty. */
struct sv tape_pick(struct arena *arena, const struct tape *tape, const struct field_list *list);
/* The string equals the text. */
bool tape_is(const struct tape *tape, const struct field_list *list, const char *text);
/* The members whose keys are not in `taken`, as a JSON object; SV_NONE when nothing is left. */
struct sv tape_rest(struct arena *arena, const struct tape *tape, const struct field_list *taken);

#endif
