/*
 * PostgreSQL's COPY BINARY form, field by field, into a buffer. Internal to store/; pure. A row is
 * copy_row() and then exactly that many fields; a stream is copy_header(), rows, copy_trailer().
 */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "base/clock.h"
#include "base/strbuf.h"

#define COPY_EPOCH_DAYS 10957 /* 2000-01-01, in days since 1970 */

void copy_header(struct strbuf *out);
void copy_trailer(struct strbuf *out);
void copy_row(struct strbuf *out, int fields);
void copy_null(struct strbuf *out);
void copy_int2(struct strbuf *out, int value);
void copy_int4(struct strbuf *out, int32_t value);
void copy_int8(struct strbuf *out, int64_t value);
/* Text or bytea as they are, also when empty. */
void copy_bytes(struct strbuf *out, struct sv view);
/* Null when empty. */
void copy_text(struct strbuf *out, struct sv view);
void copy_word(struct strbuf *out, const char *word);
/* Version byte 1 and the text; null when empty. */
void copy_jsonb(struct strbuf *out, struct sv json);
void copy_uuid(struct strbuf *out, const uint8_t bytes[16]);
/* timestamptz, cut to microseconds; null for TIME_NONE. */
void copy_time(struct strbuf *out, int64_t ns);
void copy_date(struct strbuf *out, int32_t days_since_1970);
void copy_int4_array(struct strbuf *out, const int32_t *values, size_t count);
void copy_int8_array(struct strbuf *out, const int64_t *values, size_t count);

/* Nanoseconds to microseconds and what is left, also before 1970: 0 <= rest < 1000. */
int64_t time_us(int64_t ns, int *ret_rest);

#endif
