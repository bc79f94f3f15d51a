/*
 * Writing JSON: strings, numbers and the commas between them, always compact. What is written is
 * part of canonical exports, so the same values give the same bytes: only what RFC 8259 demands is
 * escaped, non-ASCII stays UTF-8, and a byte that is not UTF-8 becomes U+FFFD. Any thread.
 */
#ifndef BASE_TEXT_JSON_WRITER_H
#define BASE_TEXT_JSON_WRITER_H

#include "base/strbuf.h"

/* A string with its quotes; absent gives null. */
void json_put_string(struct strbuf *out, struct sv text);
/* `"name":`, with a comma before it unless it follows the opening brace. */
void json_put_name(struct strbuf *out, const char *name);
void json_put(struct strbuf *out, const char *name, struct sv text);
void json_put_int(struct strbuf *out, const char *name, int64_t value);
void json_put_bool(struct strbuf *out, const char *name, bool value);
/* RFC 3339 in UTC; TIME_NONE gives null. */
void json_put_time(struct strbuf *out, const char *name, int64_t ns);
/* `"name":["...","..."]`, absent ones as null. */
void json_put_list(struct strbuf *out, const char *name, const struct sv *texts, size_t count);
/* A comma unless the buffer ends with an opening bracket or brace. */
void json_put_comma(struct strbuf *out);

#endif
