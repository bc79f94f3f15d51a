/*
 * The content of a decision: its bounds, its canonical JSON, its id. Pure; any thread.
 */
#include "base/text/escape.h"
#include "base/text/json_writer.h"
#include "base/text/utf8.h"
#include "hindcast/decision.h"
#include "hindcast/incident.h"

/* ------------------------------------------------------------------ bounds */

/* One line that can be shown: what review.is_line() takes. */
static bool
is_line(struct sv text)
{
    struct strbuf shown;
    bool plain = utf8_storable(text);
    strbuf_init(&shown, 0);
    for (size_t at = 0; plain && at < text.len;) {
        struct sv rest = sv_slice(text, at, text.len);
        /* U+200B to U+200F join and part what is written together; they do not reorder it. */
        bool joins = sv_starts(rest, SV("\xe2\x80")) && rest.len > 2 &&
                     (unsigned char)rest.ptr[2] >= 0x8b && (unsigned char)rest.ptr[2] <= 0x8f;
        strbuf_clear(&shown);
        size_t bytes = escape_terminal_first(&shown, rest);
        plain = joins || sv_eq(strbuf_view(&shown), sv_slice(rest, 0, bytes));
        at += bytes;
    }
    strbuf_release(&shown);
    return plain;
}

static int
check_line(const char *what, struct sv text, size_t most, bool needed, struct err *err)
{
    if (needed && sv_empty(sv_trim(text)))
        return err_set(err, ERR_USAGE, "a decision needs its %s", what);
    if (text.ptr != NULL && sv_empty(sv_trim(text)))
        return err_set(err, ERR_USAGE, "the %s is blank", what);
    if (text.len > most)
        return err_set(err, ERR_USAGE, "the %s has %zu bytes; at most %zu are kept", what, text.len,
                       most);
    if (is_line(text))
        return 0;
    err_set(err, ERR_USAGE, "the %s holds a character that is not shown", what);
    return err_hint(err, "write it on one line, without control characters");
}

static int
check_hex(const char *what, struct sv text, size_t least, size_t most, struct err *err)
{
    bool hex = text.len >= least && text.len <= most;
    for (size_t i = 0; i < text.len && hex; i++)
        hex = (text.ptr[i] >= '0' && text.ptr[i] <= '9') ||
              (text.ptr[i] >= 'a' && text.ptr[i] <= 'f');
    return hex ? 0 : err_set(err, ERR_USAGE, "the %s is not one: lower-case hex digits", what);
}

static int
check_moment(const char *what, int64_t ns, struct err *err)
{
    if (ns >= TIME_MIN_NS && ns <= TIME_MAX_NS)
        return 0;
    return err_set(err, ERR_USAGE, "the %s must lie between 1970 and 2099", what);
}

static int
check_rows(const struct decision *decision, struct err *err)
{
    if (decision->row_count > DECISION_ROWS_MAX)
        return err_set(err, ERR_USAGE, "one decision names %zu rows; at most %zu",
                       decision->row_count, DECISION_ROWS_MAX);
    for (size_t i = 0; i < decision->row_count; i++) {
        const struct decision_row *row = &decision->rows[i];
        if (check_hex("uid of a row's event", row->event, DECISION_UID, DECISION_UID, err) != 0 ||
            (row->time_ns != TIME_NONE && check_moment("time of a row", row->time_ns, err) != 0) ||
            !utf8_storable(row->text) || !utf8_storable(row->source) ||
            !utf8_storable(row->fingerprint))
            return err_set(err, ERR_USAGE, "a row that is named has no uid, or text that is none");
    }
    return 0;
}

static int
check_value(const struct decision *decision, struct err *err)
{
    struct sv value = decision->value;
    switch (decision_takes(decision->verb)) {
    case VALUE_LINE:
        return check_line("text", value, DECISION_LINE_MAX, true, err);
    case VALUE_MILESTONE:
        if (milestone_read(value) != MILESTONE_NONE)
            return 0;
        return err_set(err, ERR_USAGE, "there is no milestone '" SV_FMT "'", SV_ARG(value));
    case VALUE_SEVERITY:
        if (decision_severity(value) != 0)
            return 0;
        return err_set(err, ERR_USAGE,
                       "'" SV_FMT "' is not a severity: critical, error, warning, info, debug, "
                       "SEV1 to SEV5, P1 to P5 or 1 to 24",
                       SV_ARG(value));
    case VALUE_NOTHING:
    case VALUE_MOMENT:
        break;
    }
    return sv_empty(value)
               ? 0
               : err_set(err, ERR_USAGE, "%s takes no text", decision_word(decision->verb));
}

/* How many rows a verb names. */
static int
check_count(const struct decision *decision, struct err *err)
{
    const char *word = decision_word(decision->verb);
    enum decision_about about = decision_about(decision->verb);
    bool rows = about == ABOUT_ROWS || about == ABOUT_EPISODES;
    if (!rows && decision->row_count > 0)
        return err_set(err, ERR_USAGE, "%s takes no row", word);
    if (rows && decision->row_count == 0 && decision->verb != DECISION_MILESTONE)
        return err_set(err, ERR_USAGE, "%s needs a row", word);
    if (decision->row_count > 1 && decision->verb != DECISION_SPLIT)
        return err_set(err, ERR_USAGE, "%s takes one row in one decision", word);
    return 0;
}

static int
check_time(const struct decision *decision, struct err *err)
{
    if (decision->verb == DECISION_NOTE || decision_takes(decision->verb) == VALUE_MOMENT)
        return check_moment("time", decision->time_ns, err);
    if (decision->time_ns == TIME_NONE)
        return 0;
    return err_set(err, ERR_USAGE, "%s takes no time", decision_word(decision->verb));
}

static int
check_subject(const struct decision *decision, struct err *err)
{
    enum decision_about about = decision_about(decision->verb);
    if (check_time(decision, err) != 0 || check_count(decision, err) != 0)
        return -1;
    if (about == ABOUT_DECISION)
        return check_hex("id of a decision", decision->target, DECISION_ID, DECISION_ID, err);
    if (about == ABOUT_DECLARATION)
        return check_line("id of a declaration", decision->target, 64, true, err);
    if (about == ABOUT_OTHER && check_hex("uid of the other incident's record", decision->target,
                                          DECISION_UID, DECISION_UID, err) != 0)
        return -1;
    if (about != ABOUT_OTHER && !sv_empty(decision->target))
        return err_set(err, ERR_USAGE, "%s takes no id", decision_word(decision->verb));
    return check_hex("uid of the incident's record", decision->incident, DECISION_UID, DECISION_UID,
                     err);
}

/* ------------------------------------------------------------------ the text */

static void
put_optional(struct strbuf *out, const char *name, struct sv text)
{
    if (!sv_empty(text))
        json_put(out, name, text);
}

static void
put_row(struct strbuf *out, const struct decision_row *row)
{
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put(out, "event", row->event);
    put_optional(out, "fingerprint", row->fingerprint);
    put_optional(out, "source", row->source);
    put_optional(out, "text", row->text);
    if (row->time_ns != TIME_NONE)
        json_put_time(out, "time", row->time_ns);
    strbuf_add_char(out, '}');
}

static void
put_content(struct strbuf *out, const struct decision *decision)
{
    strbuf_add_char(out, '{');
    json_put_time(out, "at", decision->at_ns);
    json_put(out, "author", decision->author);
    put_optional(out, "incident", decision->incident);
    if (decision->row_count > 0) {
        json_put_name(out, "rows");
        strbuf_add_char(out, '[');
        for (size_t i = 0; i < decision->row_count; i++)
            put_row(out, &decision->rows[i]);
        strbuf_add_char(out, ']');
    }
    put_optional(out, "target", decision->target);
    if (decision->time_ns != TIME_NONE)
        json_put_time(out, "time", decision->time_ns);
    put_optional(out, "value", decision->value);
    json_put(out, "verb", sv_from(decision_word(decision->verb)));
    put_optional(out, "why", decision->why);
    strbuf_add_char(out, '}');
}

int
decision_seal(struct arena *arena, struct decision *decision, struct err *err)
{
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    struct strbuf text;
    if (decision->verb == DECISION_NONE)
        return err_set(err, ERR_USAGE, "a decision needs a verb");
    decision->at_ns -= decision->at_ns % NS_PER_US;
    if (check_moment("time of the decision", decision->at_ns, err) != 0 ||
        check_line("author", decision->author, DECISION_NAME_MAX, true, err) != 0 ||
        check_line("reason", decision->why, DECISION_LINE_MAX, false, err) != 0 ||
        check_value(decision, err) != 0 || check_rows(decision, err) != 0 ||
        check_subject(decision, err) != 0)
        return -1;
    strbuf_init(&text, 0);
    put_content(&text, decision);
    decision->content = arena_copy(arena, strbuf_view(&text));
    strbuf_release(&text);
    if (decision->content.len > DECISION_BYTES_MAX)
        return err_set(err, ERR_USAGE, "the decision has %zu bytes; at most %zu are kept",
                       decision->content.len, DECISION_BYTES_MAX);
    sha256_of(decision->content.ptr, decision->content.len, &digest);
    sha256_hex(&digest, hex);
    decision->digest = arena_copy(arena, sv_from(hex));
    decision->id = sv_slice(decision->digest, 0, DECISION_ID);
    return 0;
}
