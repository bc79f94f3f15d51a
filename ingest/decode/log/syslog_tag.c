/*
 * Hosts, programs and processes of syslog lines: see syslog_tag.h. Pure functions.
 */
#include "ingest/decode/log/syslog_tag.h"

#include "ingest/parse/severity.h"

#define TAG_BYTES_MAX 64
#define HOST_BYTES_MAX 255

static bool
digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
tag_char(char c)
{
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("-_./()@+", c) != NULL);
}

/* "[pid]" at `at`, then ':' or a blank or the end: where it ends, 0 when it is none. */
static size_t
read_pid(struct sv text, size_t at, struct sv *ret_pid)
{
    size_t close = sv_find_char(sv_slice(text, at, at + 80), ']');
    if (close == SIZE_MAX)
        return 0;
    size_t end = at + close + 1;
    *ret_pid = sv_slice(text, at + 1, at + close);
    return end >= text.len || text.ptr[end] == ':' || text.ptr[end] == ' ' ? end : 0;
}

/* "tag[pid]: " or "tag: " at the start: its length with the colon; 0 when there is none. */
static size_t
read_program(struct sv text, struct syslog_tag *tag)
{
    size_t at = 0;
    struct sv pid = SV_NONE;
    while (at < text.len && at < TAG_BYTES_MAX && tag_char(text.ptr[at]))
        at++;
    struct sv program = sv_slice(text, 0, at);
    bool bracket = at < text.len && text.ptr[at] == '[';
    if (sv_empty(program) || (bracket && (at = read_pid(text, at, &pid)) == 0))
        return 0;
    if (at >= text.len ? !bracket : text.ptr[at] != ':' && !bracket)
        return 0;
    tag->program = program;
    tag->pid = pid;
    return at < text.len ? at + 1 : at;
}

/* "my app[12]: ": words before a number in brackets and a colon. */
static size_t
read_words(struct sv text, struct syslog_tag *tag)
{
    size_t at = 0;
    struct sv pid = SV_NONE;
    while (at < text.len && at < TAG_BYTES_MAX && (tag_char(text.ptr[at]) || text.ptr[at] == ' '))
        at++;
    if (at == 0 || at >= text.len || text.ptr[at] != '[')
        return 0;
    size_t end = read_pid(text, at, &pid);
    if (end == 0 || end >= text.len || text.ptr[end] != ':' || sv_empty(pid))
        return 0;
    for (size_t i = 0; i < pid.len; i++)
        if (!digit(pid.ptr[i]))
            return 0;
    tag->program = sv_trim(sv_slice(text, 0, at));
    tag->pid = pid;
    return end + 1;
}

/* AIX: "daemon:err|error " before the tag. */
static size_t
read_facility(struct sv text, struct syslog_tag *tag)
{
    size_t blank = sv_find_char(sv_slice(text, 0, TAG_BYTES_MAX), ' ');
    struct sv word = sv_slice(text, 0, blank == SIZE_MAX ? 0 : blank);
    size_t colon = sv_find_char(word, ':'), bar = sv_find_char(word, '|');
    if (colon == SIZE_MAX || bar == SIZE_MAX || bar < colon)
        return 0;
    tag->severity = severity_word(sv_slice(word, bar + 1, word.len));
    return blank + 1;
}

/* Cisco: "%LINK-3-UPDOWN: ", "%ASA-3-106014: ": the digit between dashes is a severity of syslog.
 */
static void
read_mnemonic(struct syslog_tag *tag)
{
    struct sv text = tag->message;
    size_t colon = sv_find_char(sv_slice(text, 0, TAG_BYTES_MAX), ':');
    if (text.ptr == NULL || colon == SIZE_MAX || text.ptr[0] != '%')
        return;
    for (size_t i = 1; i + 2 < colon; i++)
        if (text.ptr[i] == '-' && digit(text.ptr[i + 1]) && text.ptr[i + 2] == '-')
            tag->severity = severity_syslog(text.ptr[i + 1] - '0');
}

static bool
a_host(struct sv word)
{
    if (sv_empty(word) || word.len > HOST_BYTES_MAX || word.ptr[0] == '[' || word.ptr[0] == '%')
        return false;
    char last = word.ptr[word.len - 1];
    return last != ':' && last != ']' && last != ',';
}

void
syslog_tag_read(struct sv text, struct syslog_tag *ret_tag)
{
    struct syslog_tag tag = {.severity = SEVERITY_UNSET};
    struct sv rest = sv_trim(text);
    if (sv_starts(rest, SV(": ")))
        rest = sv_trim(sv_slice(rest, 1, rest.len));
    size_t length = read_program(rest, &tag);
    if (length == 0 && !sv_starts(rest, SV("%")) && !sv_starts(rest, SV("last message repeated"))) {
        struct sv behind = rest, host;
        if (sv_split(&behind, ' ', &host) && a_host(host)) {
            tag.host = host;
            rest = behind.ptr == NULL ? SV("") : sv_trim(behind);
            if (sv_starts(rest, SV(": ")))
                rest = sv_trim(sv_slice(rest, 1, rest.len));
            rest = sv_slice(rest, read_facility(rest, &tag), rest.len);
            length = read_program(rest, &tag);
            length = length == 0 ? read_words(rest, &tag) : length;
        }
    }
    tag.message = sv_trim(sv_slice(rest, length, rest.len));
    read_mnemonic(&tag);
    *ret_tag = tag;
}

bool
syslog_tag_sure(struct sv text, bool fine_time)
{
    static const char *const alone[] = {"kernel", "sudo", "su", "systemd", "CRON", "rsyslogd"};
    struct syslog_tag tag = {.severity = SEVERITY_UNSET};
    struct sv rest = text, host;
    if (sv_empty(text) || text.ptr[0] != ' ')
        return false;
    rest = sv_slice(rest, 1, rest.len);
    if (!sv_split(&rest, ' ', &host) || !a_host(host) || severity_word(host) != SEVERITY_UNSET ||
        rest.ptr == NULL || severity_word(tag.program) != SEVERITY_UNSET)
        return false;
    size_t length = read_program(rest, &tag);
    if (length == 0 || (length < rest.len && rest.ptr[length] != ' '))
        return false;
    if (!sv_empty(tag.pid))
        return true;
    for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
        if (sv_eq(tag.program, sv_from(alone[i])))
            return true;
    return fine_time;
}

/* Programs whose lines begin with a word and have a format all the same. */
static bool
program_of_lines(struct sv program)
{
    return sv_starts(program, SV("haproxy")) || sv_starts(program, SV("nginx")) ||
           sv_starts(program, SV("rails")) || sv_starts(program, SV("puma"));
}

bool
within_syslog(struct sv program, struct sv message)
{
    size_t at = 0;
    if (sv_empty(message))
        return false;
    char first = message.ptr[0];
    if (first == '{' || first == '[' || first == '"' || digit(first) || program_of_lines(program))
        return true;
    while (at < message.len && at < TAG_BYTES_MAX && tag_char(message.ptr[at]))
        at++;
    bool pair = at > 0 && at < message.len && message.ptr[at] == '=';
    return pair || (at > 4 && digit(message.ptr[1]) && digit(message.ptr[4]));
}

struct sv
syslog_unescape(struct arena *arena, struct sv message)
{
    if (!sv_contains(message, SV("#0")))
        return message;
    char *copy = arena_alloc(arena, message.len + 1);
    size_t length = 0;
    for (size_t at = 0; at < message.len; at++) {
        struct sv four = sv_slice(message, at, at + 4);
        bool control = four.len == 4 && sv_starts(four, SV("#0")) && four.ptr[2] >= '0' &&
                       four.ptr[2] <= '3' && four.ptr[3] >= '0' && four.ptr[3] <= '7';
        int code = control ? (four.ptr[2] - '0') * 8 + (four.ptr[3] - '0') : 0;
        if (code != 0) {
            copy[length++] = (char)code;
            at += 3;
        } else {
            copy[length++] = message.ptr[at];
        }
    }
    return sv_of(copy, length);
}
