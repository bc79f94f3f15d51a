/*
 * The shape of a message: what differs from one occurrence to the next is masked, so that messages
 * of one kind read alike. What is compared by their shapes depends on each byte written here. Any
 * thread; the results are in the arena.
 */
#ifndef BASE_TEXT_MASK_H
#define BASE_TEXT_MASK_H

#include "base/arena.h"
#include "base/sv.h"

/*
 * Of the first `max` bytes: quoted parts, and words with a digit (numbers, addresses, UUIDs, hex,
 * names of hosts with numbers, paths), become <*>. An apostrophe within a word opens no quotation.
 */
struct sv mask_variables(struct arena *arena, struct sv text, size_t max);
/* Each run of digits becomes one 0; `max` bytes of the result, which may end within a character. */
struct sv mask_numbers(struct arena *arena, struct sv text, size_t max);

#endif
