/*
 * Names of people as records write them, and when two of them may be one person's. Compared without
 * case, accents, the order of their words and what stands between these ("Dvořák, Marek" is
 * "marek.dvorak"); letters by Unicode (utf8proc), umlauts also as they are spelled without them
 * ("mueller" is "Müller"). Pure; everything lives in the arena given.
 */
#ifndef CORRELATE_PEOPLE_NAMES_H
#define CORRELATE_PEOPLE_NAMES_H

#include "base/arena.h"
#include "base/sv.h"

#define NAME_BYTES_MAX 200 /* of a longer one the beginning is compared */
#define NAME_WORDS_MAX 8   /* further words do not count */

struct name_words {
    struct sv at[NAME_WORDS_MAX];
    size_t count;
};

struct person_name {
    struct sv written; /* as the record has it */
    struct sv called;  /* without "@", what stands in brackets, and an address behind it */
    struct sv address; /* of mail, in small letters; absent: none is told */
    struct name_words plain, spelled; /* folded, in their order; spelled: ae, oe, ue for umlauts */
    struct sv key, spelled_key;       /* the same words sorted, with blanks between */
    int rank; /* how much it looks like what people call somebody; higher: more */
};

enum name_fit {
    NAME_FITS_NOT,
    NAME_FITS_PERHAPS, /* "tom" may be Tomasz Nowak */
    NAME_FITS,         /* "mara", "mlindqvist", "Mara L." are short for Mara Lindqvist */
};

void person_name_read(struct arena *arena, struct sv written, struct person_name *ret_name);
/* The same words. */
bool person_names_equal(const struct person_name *a, const struct person_name *b);
/* Whether the first is short for the second, which has two words or more. */
enum name_fit person_name_fits(const struct person_name *handle, const struct person_name *full);
/* Folded words without anything between them: by which tools are known. */
struct sv name_squeezed(struct arena *arena, struct sv text);

#endif
