/*
 * Base64 (RFC 4648), either alphabet, with or without padding, with line breaks or without. Any
 * thread.
 */
#ifndef BASE_TEXT_BASE64_H
#define BASE_TEXT_BASE64_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "base/sv.h"

/* The bytes, in the arena; SV_NONE when the text is none, or holds anything else. */
struct sv base64_decode(struct arena *arena, struct sv text);
/* With padding, on one line. */
void base64_encode(struct strbuf *out, struct sv bytes);

#endif
