/*
 * Text helpers of decoders: identities, hosts, readability.
 */
#ifndef INGEST_PARSE_TEXT_H
#define INGEST_PARSE_TEXT_H

#include "base/arena.h"
#include "hindcast/event.h"

/*
 * The parts joined by U+001F, so that other parts make another text: a missing part keeps its place
 * (those at the end need none), and a separator inside a part is told from one between two. SV_NONE
 * when the first part is empty.
 */
struct sv text_identity(struct arena *arena, const struct sv *parts, size_t count);
#define IDENTITY(arena, ...)                                                                       \
    text_identity((arena), (const struct sv[]){__VA_ARGS__},                                       \
                  sizeof((const struct sv[]){__VA_ARGS__}) / sizeof(struct sv))
/* "host:9100" -> "host"; addresses in brackets and bare IPv6 are left whole. */
struct sv text_without_port(struct sv host);
struct sv text_first_line(struct sv text);
/* Without terminal colour sequences; a copy only when there are some. */
struct sv text_without_ansi(struct arena *arena, struct sv text);
/* Mostly characters people can read: not compressed, not a serialised structure. */
bool text_readable(struct sv text);

#endif
