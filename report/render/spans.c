/*
 * Moments and durations: see spans.h.
 */
#include "report/render/spans.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"

#define DAY_DIGITS 10 /* of "2026-03-01" */
#define MINUTE_END 16 /* of "2026-03-01 11:02" */
#define SECOND_END 19

void
span_put_day(struct strbuf *out, int64_t ns)
{
    struct civil at;
    civil_from_ns(ns, &at);
    strbuf_addf(out, "%04d-%02d-%02d", at.year, at.month, at.day);
}

/* "2026-03-01 11:02:33 CET" without its seconds, and without its day where UTC has the same one. */
static void
put_local(struct strbuf *out, int64_t ns)
{
    char text[TIME_TEXT], utc[TIME_TEXT];
    time_format_zone(ns, text);
    time_format(ns, utc);
    size_t from = strncmp(text, utc, DAY_DIGITS) == 0 ? DAY_DIGITS + 1 : 0;
    struct sv local = sv_from(text);
    strbuf_add_sv(out, sv_slice(local, from, MINUTE_END));
    strbuf_add_sv(out, sv_slice(local, SECOND_END, local.len));
}

void
span_put_time(struct strbuf *out, const struct span *span)
{
    struct civil at;
    char text[TIME_TEXT > DURATION_TEXT ? TIME_TEXT : DURATION_TEXT];
    civil_from_ns(span->ns, &at);
    if (span->kind == SPAN_TIME) {
        span_put_day(out, span->ns);
        strbuf_addf(out, " %02d:%02d UTC", at.hour, at.minute);
    } else if (span->kind == SPAN_CLOCK) {
        strbuf_addf(out, "%02d:%02d", at.hour, at.minute);
    } else if (span->kind == SPAN_LOCAL) {
        put_local(out, span->ns);
    } else if (span->kind == SPAN_INSTANT) {
        time_format(span->ns, text);
        strbuf_add_text(out, text);
    } else {
        assert(span->kind == SPAN_DURATION);
        duration_format(span->ns, text);
        strbuf_add_text(out, text);
    }
}
