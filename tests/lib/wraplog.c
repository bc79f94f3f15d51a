/*
 * Real lines, raw and wrapped: see wraplog.h. Called by tests/bench/wrap_logs.c and its test.
 */
#include "tests/lib/wraplog.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/utf8.h"

#define SETS_MAX 64
#define SET_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define INFORMATIONAL 6 /* what a shipper that cannot know better says */
#define FACILITY_DAEMON 3

struct set {
    char name[64], program[64]; /* the name in lower case */
    struct strbuf bytes;
    struct sv *lines;
    size_t count;
};

struct wraplogs {
    struct set sets[SETS_MAX];
    size_t count;
};

/* --- reading ------------------------------------------------------------------------------- */

static int
read_bytes(struct set *set, const char *path, struct err *err)
{
    char piece[64 * 1024];
    size_t got;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return err_set_errno(err, ERR_IO, errno, "%s", path);
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
        strbuf_add(&set->bytes, piece, got);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed || set->bytes.overflow)
        return err_set(err, ERR_IO, "%s cannot be read, or is larger than 64 MiB", path);
    return 0;
}

static void
split_lines(struct set *set)
{
    struct sv rest = strbuf_view(&set->bytes), line;
    size_t room = 0;
    while (sv_split(&rest, '\n', &line)) {
        if (sv_empty(sv_trim(line)))
            continue;
        if (set->count == room) {
            room = room == 0 ? 4096 : room * 2;
            set->lines = realloc(set->lines, room * sizeof(*set->lines));
            if (set->lines == NULL)
                abort();
        }
        set->lines[set->count++] = line;
    }
}

static int
read_set(struct wraplogs *logs, const char *directory, const char *name, struct err *err)
{
    char path[4096];
    struct set *set = &logs->sets[logs->count];
    if (logs->count == SETS_MAX || strlen(name) >= sizeof(set->name))
        return err_set(err, ERR_IO, "%s: more than 64 sets, or a name that is too long", directory);
    logs->count++;
    snprintf(set->name, sizeof(set->name), "%s", name);
    for (size_t i = 0; name[i] != '\0'; i++)
        set->program[i] = (char)tolower((unsigned char)name[i]);
    strbuf_init(&set->bytes, SET_BYTES_MAX);
    snprintf(path, sizeof(path), "%s/%s/raw.log", directory, name);
    if (read_bytes(set, path, err) != 0)
        return -1;
    split_lines(set);
    return set->count > 0 ? 0 : err_set(err, ERR_IO, "%s has no line", path);
}

static int
visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int
wraplog_open(struct wraplogs **ret_logs, const char *directory, struct err *err)
{
    struct dirent **entries = NULL;
    int status = 0, count = scandir(directory, &entries, visible, alphasort);
    if (count < 0)
        return err_set_errno(err, ERR_IO, errno, "%s", directory);
    struct wraplogs *logs = calloc(1, sizeof(*logs));
    if (logs == NULL)
        abort();
    for (int i = 0; i < count; i++) {
        if (status == 0)
            status = read_set(logs, directory, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    if (status == 0 && logs->count == 0)
        status = err_set(err, ERR_IO, "%s has no directory SET/raw.log", directory);
    if (status != 0) {
        wraplog_close(logs);
        return -1;
    }
    *ret_logs = logs;
    return 0;
}

void
wraplog_close(struct wraplogs *logs)
{
    for (size_t i = 0; logs != NULL && i < logs->count; i++) {
        free(logs->sets[i].lines);
        strbuf_release(&logs->sets[i].bytes);
    }
    free(logs);
}

/* --- wrapping ------------------------------------------------------------------------------ */

struct line {
    struct sv text;
    const char *program;
    char when[TIME_TEXT];
    int64_t time_ns;
    unsigned long long number, mixed;
};

static struct sv
without_cr(struct sv line)
{
    return sv_ends(line, SV("\r")) ? sv_slice(line, 0, line.len - 1) : line;
}

/* The text as the inside of a JSON string; what is not UTF-8 becomes U+FFFD, as shippers do it. */
static void
add_escaped(struct strbuf *out, struct sv text)
{
    for (size_t at = 0; at < text.len;) {
        unsigned char c = (unsigned char)text.ptr[at];
        size_t length = utf8_length(sv_slice(text, at, text.len));
        if (c == '"' || c == '\\')
            strbuf_addf(out, "\\%c", c);
        else if (c < 0x20)
            strbuf_addf(out, "\\u%04x", c);
        else if (length == 0)
            strbuf_add_text(out, "\\ufffd");
        else
            strbuf_add(out, text.ptr + at, length);
        at += length == 0 ? 1 : length;
    }
}

static void
add_raw(struct strbuf *out, const struct line *line)
{
    strbuf_add_sv(out, line->text);
}

static void
add_filebeat(struct strbuf *out, const struct line *line)
{
    strbuf_addf(out,
                "{\"@timestamp\":\"%s\",\"@metadata\":{\"beat\":\"filebeat\",\"type\":\"_doc\","
                "\"version\":\"8.13.0\"},\"host\":{\"name\":\"%s-%llu\"},\"agent\":{\"id\":"
                "\"%016llx\",\"name\":\"%s-%llu\",\"type\":\"filebeat\",\"version\":\"8.13.0\"},"
                "\"ecs\":{\"version\":\"8.0.0\"},\"input\":{\"type\":\"filestream\"},"
                "\"fields\":{\"service\":\"%s\"},\"log\":{\"offset\":%llu,\"file\":{\"path\":"
                "\"/var/log/%s.log\"}},\"message\":\"",
                line->when, line->program, line->mixed >> 60, line->mixed >> 60, line->program,
                line->mixed >> 60, line->program, line->number * 200, line->program);
    add_escaped(out, without_cr(line->text));
    strbuf_add_text(out, "\"}");
}

/* journalctl writes the bytes as numbers when they are not UTF-8 or hold control characters. */
static void
add_journal_message(struct strbuf *out, struct sv text)
{
    bool plain = utf8_valid(text);
    for (size_t i = 0; i < text.len; i++)
        plain &= (unsigned char)text.ptr[i] >= 0x20 || text.ptr[i] == '\t';
    if (plain) {
        strbuf_add_char(out, '"');
        add_escaped(out, text);
        strbuf_add_char(out, '"');
        return;
    }
    for (size_t i = 0; i < text.len; i++)
        strbuf_addf(out, "%c%d", i == 0 ? '[' : ',', (unsigned char)text.ptr[i]);
    strbuf_add_char(out, ']');
}

static void
add_journald(struct strbuf *out, const struct line *line)
{
    long long us = (long long)(line->time_ns / NS_PER_US);
    strbuf_addf(out,
                "{\"__CURSOR\":\"s=0f9a;i=%llx;b=6f1c;m=%llx;t=%llx;x=%016llx\","
                "\"__REALTIME_TIMESTAMP\":\"%lld\",\"__MONOTONIC_TIMESTAMP\":\"%llu\","
                "\"_BOOT_ID\":\"6f1c0000000000000000000000000001\",\"PRIORITY\":\"%d\","
                "\"SYSLOG_FACILITY\":\"%d\",\"SYSLOG_IDENTIFIER\":\"%s\",\"_HOSTNAME\":"
                "\"%s-%llu\",\"_TRANSPORT\":\"stdout\",\"_PID\":\"%llu\",\"_SYSTEMD_UNIT\":"
                "\"%s.service\",\"MESSAGE\":",
                line->number, line->number * 1000, (unsigned long long)us, line->mixed, us,
                line->number * 1000, INFORMATIONAL, FACILITY_DAEMON, line->program, line->program,
                line->mixed >> 60, 1000 + (line->mixed >> 20 & 255), line->program);
    add_journal_message(out, without_cr(line->text));
    strbuf_add_char(out, '}');
}

static void
add_docker(struct strbuf *out, const struct line *line)
{
    strbuf_add_text(out, "{\"log\":\"");
    add_escaped(out, line->text);
    strbuf_addf(out, "\\n\",\"stream\":\"stdout\",\"time\":\"%s\"}", line->when);
}

static void
add_syslog5424(struct strbuf *out, const struct line *line)
{
    strbuf_addf(out, "<%d>1 %s %s-%llu %s %llu - - ", FACILITY_DAEMON * 8 + INFORMATIONAL,
                line->when, line->program, line->mixed >> 60, line->program,
                1000 + (line->mixed >> 20 & 255));
    strbuf_add_sv(out, without_cr(line->text));
}

static const struct {
    const char *name;
    void (*add)(struct strbuf *out, const struct line *line);
} forms[WRAPLOG_FORMS] = {
    [WRAPLOG_RAW] = {"raw", add_raw},
    [WRAPLOG_FILEBEAT] = {"filebeat", add_filebeat},
    [WRAPLOG_JOURNALD] = {"journald", add_journald},
    [WRAPLOG_DOCKER] = {"docker", add_docker},
    [WRAPLOG_SYSLOG5424] = {"syslog5424", add_syslog5424},
};

size_t
wraplog_sets(const struct wraplogs *logs)
{
    return logs->count;
}

const char *
wraplog_set_name(const struct wraplogs *logs, size_t set)
{
    return logs->sets[set].name;
}

const char *
wraplog_form_name(enum wraplog_form form)
{
    return forms[form].name;
}

size_t
wraplog_set_of(const struct wraplogs *logs, uint64_t number)
{
    return number % logs->count;
}

enum wraplog_form
wraplog_form_of(const struct wraplogs *logs, uint64_t number)
{
    return (enum wraplog_form)(number / logs->count % WRAPLOG_FORMS);
}

void
wraplog_make(const struct wraplogs *logs, uint64_t number, struct strbuf *out)
{
    const struct set *set = &logs->sets[wraplog_set_of(logs, number)];
    struct line line = {.text = set->lines[number / (logs->count * WRAPLOG_FORMS) % set->count],
                        .program = set->program,
                        .time_ns = WRAPLOG_FIRST_NS + (int64_t)number * WRAPLOG_STEP_NS,
                        .number = number,
                        .mixed = (number + 1) * UINT64_C(0x9E3779B97F4A7C15)};
    time_format(line.time_ns, line.when);
    forms[wraplog_form_of(logs, number)].add(out, &line);
}
