/*
 * Rules for lines that are one record: see join_rules.h. What is joined wrongly stays legible, and
 * what is not joined is a record of its own: in doubt the answer is no. The thread of the reading.
 */
#include "ingest/source/file/join_rules.h"

#include "hindcast/event.h"
#include "ingest/parse/chars.h"
#include "ingest/parse/line_head.h"

/* A blank alone begins an item of a list, not a line that goes on. */
static size_t
indent_of(struct sv text)
{
    size_t blanks = blanks_at(text, 0);
    return blanks == 1 && text.ptr[0] == ' ' ? 0 : blanks;
}

void
join_line_read(struct sv line, struct join_line *ret_line)
{
    boxed_line_read(line, &ret_line->in);
    ret_line->indent = indent_of(ret_line->in.text);
    ret_line->trace = trace_line(ret_line->in.text);
}

/* ---- MySQL's slow log ---- */

static enum join_answer
join_slow(const struct join_state *state, struct sv text)
{
    bool user = sv_starts(text, SV("# User@Host: "));
    return sv_starts(text, SV("# Time: ")) || text_is_server_header(text) ||
                   (user && state->slow_user)
               ? JOIN_NO
               : JOIN_YES;
}

/* ---- the record as it grows ---- */

static void
see(struct join_state *state, const struct join_line *line)
{
    struct sv text = sv_trim(line->in.text);
    bool place_alone = line->trace == TRACE_CRASH && sv_find_char(text, ' ') == SIZE_MAX;
    if (line->trace == TRACE_BEGIN || sv_contains(text, SV("Traceback (most recent call last):")))
        state->python = true;
    state->go = state->go || sv_starts(text, SV("goroutine ")) || sv_starts(text, SV("panic: ")) ||
                sv_starts(text, SV("fatal error: "));
    state->trace = state->trace || line->trace == TRACE_FRAME || line->trace == TRACE_BEGIN;
    state->exception = state->exception || line->trace == TRACE_EXCEPTION ||
                       (line->trace == TRACE_CRASH && !place_alone);
    state->chained = line->trace == TRACE_MORE;
    state->colon = line->trace == TRACE_CRASH && text.ptr[text.len - 1] == ':';
    state->unfinished = line->in.unfinished;
    if (sv_contains(text, SV("# User@Host: ")))
        state->slow_user = true;
    state->lines++;
}

/* Formats whose entries are one line by what they are: another one behind them is another entry. */
static bool
is_one_line(struct sv format)
{
    static const char *const formats[] = {"syslog3164",
                                          "syslog5424",
                                          "logfmt",
                                          "klog_glog",
                                          "linux_audit",
                                          "suricata_fast",
                                          "pgbouncer",
                                          "redis",
                                          "uvicorn_access",
                                          "envoy_access",
                                          "haproxy",
                                          "aws_elb",
                                          "uwsgi",
                                          "squid_access",
                                          "heroku_router",
                                          "apache_nginx_access",
                                          "s3_access",
                                          "vpc_flow",
                                          "cloudfront_access",
                                          "nagios_log",
                                          "kubectl_events",
                                          "kubectl_pods"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (sv_eq(format, sv_from(formats[i])))
            return true;
    return false;
}

void
join_state_begin(struct join_state *state, const struct join_line *line,
                 const struct join_facts *facts)
{
    struct sv text = line->in.text;
    *state = (struct join_state){.box = line->in.box,
                                 .timed = facts->timed,
                                 .severity = facts->severity,
                                 .indent = line->indent};
    state->key_len = line->in.key.len < sizeof(state->key) ? line->in.key.len : sizeof(state->key);
    if (state->key_len > 0)
        memcpy(state->key, line->in.key.ptr, state->key_len);
    state->slow = line->in.box == BOX_NONE &&
                  (sv_starts(text, SV("# Time: ")) || sv_starts(text, SV("# User@Host: ")));
    state->joinable = state->slow || (facts->log && char_at(text, line->indent) != '{' &&
                                      !text_is_server_header(text));
    state->one_line = is_one_line(facts->format);
    state->crash = line->trace == TRACE_CRASH;
    repeated_head_read(text, &state->head);
    state->part = state->head.part;
    state->first_len = text.len < sizeof(state->first) ? text.len : sizeof(state->first);
    memcpy(state->first, text.ptr, state->first_len);
    see(state, line);
}

void
join_state_add(struct join_state *state, const struct join_line *line)
{
    if (state->python && line->indent == 0 && line->trace != TRACE_BEGIN &&
        line->trace != TRACE_FRAME) {
        state->python = false; /* its last line */
        state->exception = true;
    }
    see(state, line);
    state->part++;
}

void
join_state_go_on(struct join_state *state, const struct join_state *full,
                 const struct join_line *line)
{
    *state = *full;
    join_state_add(state, line);
    state->lines = 1;
}

/* True if a time could stand here. */
static bool
may_begin(struct sv text)
{
    return is_digit(char_at(text, 0)) || is_one_of(char_at(text, 0), "[{<");
}

/* A line that people wrote an error with is followed by what was thrown; one of another kind is
 * not, unless that is the way of its language. */
static bool
takes_exception(const struct join_state *state, struct sv text)
{
    size_t dot = sv_find_char(text, '.'), colon = sv_find_char(text, ':');
    bool dotted = dot != SIZE_MAX && (colon == SIZE_MAX || dot < colon);
    if (state->crash && !state->exception)
        return true;
    return state->timed && !state->exception &&
           (state->severity == 0 || state->severity >= SEVERITY_WARN || dotted);
}

static bool
takes_traceback(const struct join_state *state)
{
    if (state->trace || state->exception)
        return state->chained;
    return state->timed && (state->severity == 0 || state->severity >= SEVERITY_WARN);
}

static enum join_answer
join_by_trace(const struct join_state *state, const struct join_line *line)
{
    switch (line->trace) {
    case TRACE_FRAME:
    case TRACE_MORE:
        return JOIN_YES;
    case TRACE_CLOSER:
        return state->trace || state->lines > 1 ? JOIN_YES : JOIN_ASK;
    case TRACE_BEGIN:
        return takes_traceback(state) ? JOIN_YES : JOIN_NO;
    case TRACE_EXCEPTION:
        return line->indent > 0 || takes_exception(state, line->in.text) ? JOIN_YES : JOIN_NO;
    case TRACE_CRASH:
        return line->indent > state->indent ? JOIN_YES : JOIN_NO;
    case TRACE_NOT:
        break;
    }
    if (line->indent > state->indent)
        return may_begin(sv_slice(line->in.text, line->indent, line->in.text.len)) ? JOIN_ASK
                                                                                   : JOIN_YES;
    return state->go && trace_go_call(line->in.text) ? JOIN_YES : JOIN_ASK;
}

enum join_answer
join_by_form(const struct join_state *state, const struct join_line *line)
{
    struct sv key = sv_slice(line->in.key, 0, sizeof(state->key));
    size_t from;
    if (line->in.box != state->box || !sv_eq(key, sv_of(state->key, state->key_len)))
        return JOIN_NO;
    if (state->unfinished)
        return JOIN_YES;
    if (state->slow)
        return join_slow(state, line->in.text);
    if (!state->joinable || (line->in.box == BOX_NONE && text_is_server_header(line->in.text)) ||
        sv_starts(line->in.text, SV("# Time: ")) || sv_starts(line->in.text, SV("# User@Host: ")))
        return JOIN_NO;
    if (repeated_head_goes_on(sv_of(state->first, state->first_len), &state->head, state->part,
                              line->in.text, &from))
        return JOIN_YES;
    if (state->python && line->trace != TRACE_BEGIN && line->trace != TRACE_CRASH)
        return line->indent > 0 || line->trace != TRACE_NOT ? JOIN_YES : JOIN_ASK;
    return join_by_trace(state, line);
}

/* "<order>", "</order>": of a document that was written into the log. */
static bool
is_markup(struct sv text)
{
    char next = char_at(text, 1);
    return char_at(text, 0) == '<' && (is_letter(next) || is_one_of(next, "/?!"));
}

/* "[conn12] text": the time may be missing, but a thread or a level tells that it is an entry. */
static bool
has_own_head(struct sv text)
{
    size_t end = char_at(text, 0) == '[' ? sv_find_char(sv_slice(text, 0, 60), ']') : SIZE_MAX;
    return end != SIZE_MAX && end > 1 && char_at(text, end + 1) == ' ';
}

bool
join_by_facts(const struct join_state *state, const struct join_line *line,
              const struct join_facts *facts, bool timed_file)
{
    /* What carried the line has told its time: nothing is known of the line's own. */
    bool boxed = line->in.box == BOX_CRI || line->in.box == BOX_DOCKER;
    if (!facts->log || !facts->text || (facts->timed && !boxed))
        return false;
    if (line->indent > state->indent || state->python || state->colon ||
        (state->timed && is_markup(line->in.text)))
        return true;
    if (has_own_head(line->in.text))
        return false;
    return !boxed && timed_file && state->timed && !state->one_line && facts->severity == 0;
}

bool
join_counts(const struct join_line *line)
{
    return line->trace == TRACE_NOT && line->indent == 0 && !is_markup(line->in.text);
}
