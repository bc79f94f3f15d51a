/*
 * Line formats: what the lines of one program look like, as data. A format is a section of a
 * `.lines` file:
 *
 *     [nginx_error]
 *     about = nginx error log
 *     see = https://nginx.org/en/docs/ngx_core_module.html#error_log
 *     first = 0-9
 *     bid = 88
 *     line = %{slashed:time} \[(?<level>[a-z]+)\] (?<pid>\d+)#(?<tid>\d+): (?<message>.*)
 *     also = , client: (?<client>[^,\s]+)
 *
 * `line` is a PCRE2 pattern, anchored at both ends, in which `.` is any character; several lines
 * are tried in their order. A line that begins with a blank continues the value before it, without
 * its blanks. `%{NAME}` stands for a pattern of the section [patterns] of any file read before or
 * of the same file, `%{NAME:group}` for the same as a named group. `also` patterns are looked for
 * anywhere in the message, `also GROUP` in what that group matched: they only add groups.
 *
 * Groups called time, level, message, service, host, environment, actor, trace_id, url, ref,
 * title and identity are those fields of the event, all others attributes under their names;
 * `status` is an HTTP status as well, which makes an error of 5xx whatever the level says. A group
 * that matched nothing, or "-" (but for a level), is not there. Groups of which the time is made,
 * and those in which others are looked for, are not attributes.
 *
 * `FIELD = text with {group} | other text` makes a field of several groups: the first alternative
 * counts whose groups are all there. `levels = #:warning *:notice` are the words of `level` that
 * mean something else than everywhere, `severity = error` is that of every line.
 * `none` is a pattern as `line` is, of lines that are not events: heads that a program writes.
 * `identity` is what the program itself calls the line; several lines may share it, so a digest of
 * the line is added. It counts where identities of log lines do, in the namespace of the format.
 * `inner = yes`: the message is a record of another format, which is detected by itself, and takes
 * what it lacks from this one.
 *
 * Formats are read on one thread while nobody decodes, and are only looked at otherwise. Those of
 * ingest/decode/lines/ are built in; people add files (hindcast/format_files.h), which may use the
 * patterns of ours.
 */
#ifndef INGEST_DECODE_LINES_FORMAT_H
#define INGEST_DECODE_LINES_FORMAT_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "ingest/decode/core/registry.h"
#include "ingest/decode/lines/start.h"

#define LINE_NAMES_MAX 48    /* of groups, in one format */
#define LINE_PATTERNS_MAX 16 /* `line` and `also`, each */
#define LINE_PIECES_MAX 16   /* of a template */
#define LINE_MATCH_LIMIT 100000
#define LINE_FORMAT_NAME_MAX 49
#define LINE_FORMATS_MAX 200 /* of a file */

/* The fields that groups and templates fill. */
enum line_field {
    LINE_ATTRIBUTE = 0,
    LINE_TIME,
    LINE_LEVEL,
    LINE_MESSAGE,
    LINE_TITLE,
    LINE_SERVICE,
    LINE_HOST,
    LINE_ENVIRONMENT,
    LINE_ACTOR,
    LINE_TRACE,
    LINE_URL,
    LINE_REF,
    LINE_IDENTITY,
    LINE_FIELDS,
};

#define LINE_NO_NAME 0xff

struct line_pattern {
    void *code;       /* pcre2_code */
    int within;       /* `also`: the name of the group in which it is looked for */
    uint8_t *name_of; /* by number of the group, 1 and up; LINE_NO_NAME: it has none */
    struct sv text;   /* with all others in it; `also`: none */
};

/* Text, or the value of a group. */
struct line_piece {
    struct sv text;
    int name; /* -1: text */
};

struct line_template {
    struct line_piece pieces[LINE_PIECES_MAX];
    size_t count;
    struct line_template *other; /* the next alternative, or NULL */
};

struct line_word {
    struct sv word;
    int severity;
};

struct line_format {
    const char *name, *about, *see, *first;
    const char *file; /* as problems name it */
    int line;         /* where its section begins */
    int bid;
    bool inner;
    int severity; /* of every line; SEVERITY_UNSET: what the line says */
    struct sv names[LINE_NAMES_MAX];
    enum line_field fields[LINE_NAMES_MAX]; /* that a group of this name fills */
    bool hidden[LINE_NAMES_MAX];            /* no attribute: only others are made of it */
    size_t name_count;
    int status; /* the name "status", or -1 */
    struct line_pattern lines[LINE_PATTERNS_MAX], also[LINE_PATTERNS_MAX];
    struct line_pattern none[LINE_PATTERNS_MAX];
    size_t line_count, also_count, none_count;
    struct line_template *templates[LINE_FIELDS];
    struct line_word *words;
    size_t word_count;
};

/* Receives a format that is complete. */
typedef void line_format_take(const struct line_format *format, void *own);

/*
 * Reads a file. Problems are noted in `problems` as `FILE:LINE: text`, one a line; false when there
 * are any: nothing is taken then. Everything lives in the arena; `text` is borrowed.
 */
bool line_formats_read(struct arena *arena, const char *file, struct sv text,
                       struct strbuf *problems, line_format_take *take, void *own);

/* Gives back what lies outside the arena. */
void line_format_release(const struct line_format *format);
/* How many patterns of [patterns] are known; forgets those that came later. */
size_t line_patterns_known(void);
void line_patterns_forget(size_t known);

/* What the groups of a line hold, by the number of their names; absent where there is nothing. */
struct line_match {
    struct sv *values; /* of whoever made it, as many as the format has names */
};
/* True if it is a line of this pattern, one of `lines` or `none`. Fills in the values. */
bool line_pattern_match(const struct line_format *format, const struct line_pattern *pattern,
                        struct sv line, struct line_match *match);
/* Fills in what the `also` patterns find. */
void line_format_look(const struct line_format *format, struct line_match *match);
/* The first alternative whose groups are all there; SV_NONE when there is none. */
struct sv line_template_text(struct arena *arena, const struct line_template *template,
                             const struct line_match *match);

#endif
