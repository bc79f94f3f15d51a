/*
 * Traces: see trace.h. Called by who joins lines of files, by the decoder of text lines, and for
 * the titles of all log events; any thread.
 */
#include "ingest/parse/trace.h"

#include "base/text/utf8.h"
#include "ingest/parse/chars.h"

#define PART_MAX 300 /* bytes of an exception that a title shows */

static bool
starts_with_one(struct sv text, const char *const *starts)
{
    for (size_t i = 0; starts[i] != NULL; i++)
        if (starts[i][0] == char_at(text, 0) && sv_starts(text, sv_from(starts[i])))
            return true;
    return false;
}

static bool
ends_with(struct sv text, const char *end)
{
    size_t len = strlen(end);
    return text.len >= len && memcmp(text.ptr + text.len - len, end, len) == 0;
}

static struct sv
without_colour(struct sv line)
{
    while (char_at(line, 0) == '\x1b' && char_at(line, 1) == '[') {
        size_t at = 2;
        while (at < line.len && (is_digit(line.ptr[at]) || line.ptr[at] == ';'))
            at++;
        line = sv_slice(line, at + 1, line.len);
    }
    return line;
}

static struct sv
without_end(struct sv line)
{
    while (line.len > 0 && sv_blank(line.ptr[line.len - 1]))
        line.len--;
    return line;
}

/* ":12" or ":12:3" and perhaps a bracket at the end. */
static bool
ends_in_position(struct sv text)
{
    size_t end = text.len;
    if (end > 0 && text.ptr[end - 1] == ')')
        end--;
    size_t digits = end;
    while (digits > 0 && is_digit(text.ptr[digits - 1]))
        digits--;
    return digits < end && digits > 1 && text.ptr[digits - 1] == ':';
}

/* "at " is a word as well: what follows must be a call or a place. */
static bool
is_at_frame(struct sv text, bool indented)
{
    if (!sv_starts(text, SV("at ")) || text.len < 5)
        return false;
    size_t open = sv_find_char(text, '(');
    bool call = open != SIZE_MAX && open > 3 && sv_find_char(text, ')') != SIZE_MAX;
    return ends_in_position(text) || (call && (indented || sv_find_char(text, '.') < open)) ||
           (indented && sv_contains(text, SV(" in ")));
}

/* "#0 /srv/app.php(12): f()", "#1  0x0000 in main ()" */
static bool
is_numbered_frame(struct sv text)
{
    size_t digits = char_at(text, 0) == '#' ? digits_at(text, 1) : 0;
    struct sv rest = sv_trim(sv_slice(text, 1 + digits, text.len));
    return digits > 0 && digits < 5 && char_at(text, 1 + digits) == ' ' &&
           (is_one_of(char_at(rest, 0), "/{[") || sv_starts(rest, SV("0x")) ||
            sv_contains(rest, SV("(")) || sv_contains(rest, SV("->")));
}

/* "/srv/app/cart.rb:12:in `pay'" */
static bool
is_ruby_frame(struct sv text)
{
    size_t in = sv_find(text, SV(":in "));
    if (in == SIZE_MAX || in == 0 || !is_one_of(char_at(text, in + 4), "`'\""))
        return false;
    struct sv place = sv_slice(text, 0, in);
    return ends_in_position(place) && sv_find_char(place, ' ') == SIZE_MAX;
}

static bool
is_frame(struct sv text, bool indented)
{
    if (is_at_frame(text, indented) || is_numbered_frame(text))
        return true;
    if (sv_starts(text, SV("... "))) {
        size_t digits = digits_at(text, 4);
        return digits > 0 && (sv_starts(sv_slice(text, 4 + digits, text.len), SV(" more")) ||
                              sv_starts(sv_slice(text, 4 + digits, text.len), SV(" common")));
    }
    if (sv_starts(text, SV("goroutine ")))
        return is_digit(char_at(text, 10)) && ends_with(text, "]:");
    if (sv_starts(text, SV("from ")))
        return indented && sv_contains(text, SV(":"));
    if (sv_starts(text, SV("File \"")))
        return sv_contains(text, SV("\", line "));
    return is_ruby_frame(text) && !ends_with(text, ")");
}

static bool
is_more(struct sv text)
{
    static const char *const starts[] = {"Caused by: ",
                                         "Caused by ",
                                         "Suppressed: ",
                                         "Wrapped by: ",
                                         "---> ",
                                         "--- End of ",
                                         "During handling of the above exception",
                                         "The above exception was the direct cause",
                                         "[stacktrace]",
                                         "[previous exception]",
                                         "Stack trace:",
                                         "stack backtrace:",
                                         "Backtrace:",
                                         "note: run with `RUST_BACKTRACE",
                                         "note: Some details are omitted",
                                         "for call at",
                                         "created by ",
                                         "exit status ",
                                         "[signal SIG",
                                         "Node.js v",
                                         "[CIRCULAR REFERENCE",
                                         NULL};
    return starts_with_one(text, starts);
}

static bool
is_crash(struct sv text)
{
    static const char *const starts[] = {"Exception in thread \"",
                                         "panic: ",
                                         "fatal error: ",
                                         "Unhandled exception",
                                         "Unhandled Exception",
                                         "Uncaught ",
                                         "uncaughtException",
                                         "terminate called ",
                                         "Segmentation fault",
                                         "Fatal Python error: ",
                                         "FATAL EXCEPTION: ",
                                         "** (",
                                         NULL};
    if (starts_with_one(text, starts))
        return true;
    if (sv_starts(text, SV("thread '")))
        return sv_contains(text, SV("' panicked at"));
    /* Node shows the place first: "/srv/app/pay.js:12", "node:internal/process:94". */
    if ((char_at(text, 0) == '/' || sv_starts(text, SV("file://")) ||
         sv_starts(text, SV("node:"))) &&
        ends_in_position(text) && sv_find_char(text, ' ') == SIZE_MAX)
        return true;
    return is_ruby_frame(text) && ends_with(text, ")");
}

static bool
is_name_char(char c)
{
    return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '$' || c == ':';
}

static bool
names_exception(struct sv name)
{
    static const char *const ends[] = {"Error", "Exception", "Throwable", "Failure",  "Fault",
                                       "Panic", "Interrupt", "Timeout",   "Iteration"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (ends_with(name, ends[i]))
            return true;
    return false;
}

/* "java.io.IOException: gone", "KeyError: 'total'", "Foo::Gone: no", "RangeError [ERR_X]: no" */
static bool
is_exception(struct sv text)
{
    size_t end = 0;
    while (end < text.len && is_name_char(text.ptr[end]))
        end++;
    struct sv name = sv_slice(text, 0, end);
    while (name.len > 0 && (name.ptr[name.len - 1] == ':' || name.ptr[name.len - 1] == '.'))
        name.len--;
    size_t last = name.len;
    while (last > 0 && name.ptr[last - 1] != '.' && name.ptr[last - 1] != ':' &&
           name.ptr[last - 1] != '$')
        last--;
    if (name.len == 0 || !is_upper(char_at(name, last)) || !names_exception(name) ||
        !(is_letter(name.ptr[0]) || name.ptr[0] == '_'))
        return false;
    struct sv rest = sv_slice(text, name.len, text.len);
    if (sv_starts(rest, SV(" [")) && sv_contains(rest, SV("]:")))
        return true;
    return rest.len == 0 || sv_starts(rest, SV(": ")) || sv_eq(rest, SV(":"));
}

static bool
is_closer(struct sv text)
{
    size_t at = 0;
    while (at < text.len && is_one_of(text.ptr[at], "}])\",;"))
        at++;
    return at > 0 && at == text.len && is_one_of(text.ptr[text.len - 1], "}]),;");
}

enum trace_line
trace_line(struct sv line)
{
    line = without_end(without_colour(line));
    size_t indent = blanks_at(line, 0);
    struct sv text = sv_slice(line, indent, line.len);
    if (text.len == 0)
        return TRACE_NOT;
    if (is_frame(text, indent > 0))
        return TRACE_FRAME;
    if (is_more(text))
        return TRACE_MORE;
    if (sv_starts(text, SV("Traceback (most recent call last)")) ||
        sv_contains(sv_slice(text, 0, 40), SV("Exception Group Traceback (most")))
        return TRACE_BEGIN;
    if (is_crash(text))
        return TRACE_CRASH;
    if (is_exception(text))
        return TRACE_EXCEPTION;
    return is_closer(text) ? TRACE_CLOSER : TRACE_NOT;
}

bool
trace_go_call(struct sv line)
{
    line = without_end(without_colour(line));
    size_t open = sv_find_char(line, '(');
    if (open == SIZE_MAX || open == 0 || !ends_with(line, ")") || sv_blank(line.ptr[0]))
        return false;
    size_t blank = sv_find_char(line, ' ');
    return blank == SIZE_MAX || blank > open;
}

/* ---- what it is about ---- */

/* What a line that has more tells: "Exception in thread "main" java.lang.X: msg". */
static struct sv
exception_in(struct sv text)
{
    static const char *const starts[] = {"Unhandled exception. ",
                                         "Unhandled exception: ",
                                         "Unhandled Exception: ",
                                         "Uncaught exception: ",
                                         "Uncaught Exception: ",
                                         "Uncaught ",
                                         "Caused by: ",
                                         "---> ",
                                         NULL};
    struct sv thread = SV("Exception in thread \"");
    if (sv_starts(text, thread)) {
        struct sv rest = sv_slice(text, thread.len, text.len);
        size_t quote = sv_find(rest, SV("\" "));
        return quote == SIZE_MAX ? text : sv_trim(sv_slice(rest, quote + 2, rest.len));
    }
    for (size_t i = 0; starts[i] != NULL; i++)
        if (sv_starts(text, sv_from(starts[i])))
            return sv_trim(sv_slice(text, strlen(starts[i]), text.len));
    return text;
}

/* Of a place alone nothing is told. */
static bool
is_place(struct sv text)
{
    return ends_in_position(text) && sv_find_char(text, ' ') == SIZE_MAX;
}

struct reading {
    bool python; /* within a Traceback: its first line without indent is the exception */
    bool any;    /* text that is not part of a trace came before it */
    struct trace_told told;
};

static void
see(struct reading *reading, struct sv line, bool first)
{
    enum trace_line kind = trace_line(line);
    struct sv text = sv_trim(without_colour(line));
    bool indented = blanks_at(without_colour(line), 0) > 0;
    if (kind == TRACE_BEGIN || (first && ends_with(text, "Traceback (most recent call last):"))) {
        reading->python = true;
        reading->any = reading->any || kind != TRACE_BEGIN;
        return;
    }
    if (reading->python && !indented && text.len > 0 && kind != TRACE_FRAME) {
        reading->told.exception = text;
        reading->told.cause = SV_NONE;
        reading->told.python = true;
        reading->python = false;
        return;
    }
    if ((kind == TRACE_EXCEPTION || (kind == TRACE_CRASH && !is_place(text))) &&
        sv_empty(reading->told.exception))
        reading->told.exception = exception_in(text);
    else if (kind == TRACE_MORE && !sv_eq(exception_in(text), text) &&
             !sv_empty(reading->told.exception))
        reading->told.cause = exception_in(text);
    else if (kind == TRACE_NOT && first)
        reading->any = true;
}

bool
trace_read(struct sv text, struct trace_told *ret_told)
{
    struct reading reading = {.python = false};
    struct sv rest = text, line;
    for (int i = 0; i < TRACE_LINES_MAX && sv_split(&rest, '\n', &line); i++)
        see(&reading, line, i == 0);
    reading.told.from_start = !reading.any;
    if (sv_empty(reading.told.exception))
        return false;
    *ret_told = reading.told;
    return true;
}

static struct sv
part(struct sv text)
{
    return utf8_cut(text, PART_MAX);
}

struct sv
trace_title(struct arena *arena, struct sv head, const struct trace_told *told)
{
    struct sv exception = part(told->exception), cause = part(told->cause);
    size_t end = sv_find(head, SV("Traceback (most recent call last)"));
    if (end != SIZE_MAX)
        head = sv_slice(head, 0, end);
    head = sv_trim(head);
    if (!sv_contains(head, exception) && (told->from_start || sv_empty(head)))
        head = exception;
    else if (!sv_contains(head, exception))
        head = arena_printf(arena, SV_FMT "%s" SV_FMT, SV_ARG(head),
                            sv_ends(head, SV(":")) ? " " : ": ", SV_ARG(exception));
    if (sv_empty(cause) || sv_contains(head, cause))
        return head;
    return arena_printf(arena, SV_FMT "; caused by " SV_FMT, SV_ARG(head), SV_ARG(cause));
}
