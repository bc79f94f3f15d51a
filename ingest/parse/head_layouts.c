/*
 * Heads that a program lays out in a way of its own: Rails, Blue Gene, logcat, Flask, Hadoop's
 * dates, and lines that say when a file begins. See head_layouts.h. Pure functions.
 */
#include "ingest/parse/head_layouts.h"

#include "ingest/parse/chars.h"
#include "ingest/parse/head_tokens.h"

void
head_put_part(struct text_head *head, const char *name, struct sv value)
{
    value = sv_trim(value);
    for (size_t i = 0; i < head->part_count; i++)
        if (strcmp(head->parts[i].name, name) == 0)
            return;
    if (!sv_empty(value) && head->part_count < HEAD_PARTS_MAX)
        head->parts[head->part_count++] = (struct head_part){name, value};
}

/* "ERROR in app: Exception on /pay", Flask. */
size_t
head_behind_in(struct sv line, size_t at, struct text_head *head)
{
    struct sv rest = sv_slice(line, at, line.len);
    if (!sv_starts(rest, SV("in ")))
        return at;
    size_t colon = sv_find(sv_slice(rest, 0, 60), SV(": "));
    if (colon == SIZE_MAX)
        return at;
    struct sv name = sv_slice(rest, 3, colon);
    if (sv_empty(name) || sv_find_char(name, ' ') != SIZE_MAX)
        return at;
    head_put_part(head, "logger", name);
    return at + colon + 2;
}

/* "1702  2395 D WindowManager: message", logcat: the tag may have blanks. */
size_t
head_behind_tag(struct sv line, size_t at, struct text_head *head)
{
    struct sv rest = sv_slice(line, at, at + 80);
    size_t colon = sv_find(rest, SV(": "));
    if (colon == SIZE_MAX)
        return at;
    head_put_part(head, "logger", sv_slice(rest, 0, colon));
    return at + colon + 2;
}

/* "Started GET "/" for 127.0.0.1 at 2026-03-10 15:04:12 +0100": Rails has its time at the end. */
static bool
read_rails(struct sv line, const struct time_hints *hints, struct text_head *head)
{
    size_t at, length = 0;
    if (!sv_starts(line, SV("Started ")) || (at = sv_find(line, SV("\" for "))) == SIZE_MAX)
        return false;
    size_t more = sv_find(sv_slice(line, at, line.len), SV(" at "));
    if (more == SIZE_MAX)
        return false;
    struct sv rest = sv_slice(line, at + more + 4, line.len);
    if (!times_read_prefix(rest, hints, &head->time, &length) || length != sv_trim(rest).len)
        return false;
    head->has_time = true;
    head->message = sv_slice(line, 0, at + more);
    return true;
}

/* "# Time: 2026-03-10T15:04:12Z", "Log file created at: 2026/03/10 15:04:12": what the lines below
 * it refer to. */
static bool
read_labelled(struct sv line, const struct time_hints *hints, struct text_head *head)
{
    static const char *const labels[] = {"time", "date",       "timestamp",
                                         "log ", "start-date", "end-date"};
    size_t at = 0;
    bool known = false;
    if (!is_one_of((char)(char_at(line, 0) | 0x20), "#tdlse "))
        return false;
    while (at < line.len && (line.ptr[at] == '#' || line.ptr[at] == ' '))
        at++;
    struct sv rest = sv_slice(line, at, line.len);
    size_t colon = sv_find(sv_slice(rest, 0, 40), SV(": "));
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
        known = known || sv_starts_nocase(rest, sv_from(labels[i]));
    if (!known || colon == SIZE_MAX)
        return false;
    struct sv time = sv_slice(rest, colon + 2, rest.len);
    while (time.len > 0 && time.ptr[0] == ' ')
        time = sv_slice(time, 1, time.len);
    if (head_time(time, hints, false, true, &head->time) == 0)
        return false;
    head->has_time = true;
    return true;
}

/* "=ERROR REPORT==== 10-Mar-2026::15:04:12 ===", Erlang; the message follows on the next lines. */
static bool
read_erlang(struct sv line, const struct time_hints *hints, struct text_head *head)
{
    size_t end =
        char_at(line, 0) == '=' ? sv_find(sv_slice(line, 0, 40), SV(" REPORT====")) : SIZE_MAX;
    if (end == SIZE_MAX)
        return false;
    struct sv level = sv_slice(line, 1, end), time = sv_slice(line, end + 11, line.len);
    size_t length = head_time(sv_trim(time), hints, false, false, &head->time);
    if (length == 0)
        return false;
    head->has_time = true;
    head->severity = head_level(level, false);
    head->severity_word = head->severity == 0 ? SV_NONE : level;
    size_t next = sv_find_char(line, '\n');
    head->message = next == SIZE_MAX ? line : sv_slice(line, next + 1, line.len);
    return true;
}

/* Blue Gene: "- 1117838570 2005.06.03 NODE 2005-06-03-15.42.50.675872 NODE TYPE ...". The first is
 * "-" or the label of an alert, the second the time, the fifth has it by the clock on the wall. */
static size_t
read_blue_gene(struct sv line, const struct time_hints *hints, struct text_head *head)
{
    struct sv rest = line, label, epoch, date, node, wall;
    struct read_time time, on_wall;
    size_t blank = sv_find_char(sv_slice(line, 0, 17), ' ');
    if (blank == SIZE_MAX || digits_at(line, blank + 1) != 10)
        return 0;
    if (!sv_split(&rest, ' ', &label) || sv_empty(label) || label.len > 16 ||
        !sv_split(&rest, ' ', &epoch) || epoch.len != 10 || !sv_split(&rest, ' ', &date) ||
        date.len != 10 || !sv_split(&rest, ' ', &node) || !times_read_epoch(epoch, &time) ||
        date.ptr[4] != '.' || date.ptr[7] != '.' || rest.ptr == NULL)
        return 0;
    head_put_part(head, "context", sv_eq(label, SV("-")) ? SV_NONE : label);
    head_put_part(head, "node", node);
    if (sv_split(&rest, ' ', &wall) && wall.len >= 19 && rest.ptr != NULL &&
        times_read_hinted(wall, hints, &on_wall)) {
        int64_t fraction = on_wall.ns % NS_PER_S;
        time.ns += fraction;
        time.precision = on_wall.precision;
        if (!sv_split(&rest, ' ', &node) || rest.ptr == NULL)
            return 0;
    } else {
        rest = sv_slice(line, (size_t)(node.ptr + node.len + 1 - line.ptr), line.len);
    }
    head->time = time;
    head->has_time = true;
    return (size_t)(rest.ptr - line.ptr);
}

/* The words of its facilities are in upper case and end with the level. */
static void
read_blue_gene_level(struct text_head *head)
{
    struct sv rest = head->message, word;
    for (int i = 0; i < 3 && sv_split(&rest, ' ', &word) && rest.ptr != NULL; i++)
        if (head_level(word, false) != 0) {
            head->severity = head_level(word, false);
            head->severity_word = word;
            head_put_part(head, "logger",
                          sv_slice(head->message, 0, (size_t)(word.ptr - head->message.ptr)));
            head->message = rest;
            return;
        }
}

bool
head_read_layout(struct sv line, const struct time_hints *hints, struct text_head *head)
{
    if (line.ptr == NULL)
        return false;
    size_t length = read_blue_gene(line, hints, head);
    if (length > 0) {
        head->message = sv_slice(line, length, line.len);
        read_blue_gene_level(head);
        return true;
    }
    head->part_count = 0;
    return read_rails(line, hints, head) || read_erlang(line, hints, head) ||
           read_labelled(line, hints, head);
}

/* What MySQL writes to its logs of queries whenever it starts. */
bool
text_is_server_header(struct sv line)
{
    return sv_starts(line, SV("Tcp port: ")) ||
           (sv_starts(line, SV("Time  ")) && sv_contains(line, SV(" Command    Argument"))) ||
           (sv_contains(line, SV("mysqld, Version: ")) && sv_contains(line, SV("started with:")));
}

bool
text_is_file_header(struct sv line)
{
    static const char *const names[] = {
        "fields:",   "version:",  "software:",     "date:",       "remark:",     "start-date:",
        "end-date:", "separator", "set_separator", "empty_field", "unset_field", "path",
        "open",      "types",     "fields",        "close",
    };
    if (text_is_server_header(line))
        return true;
    if (sv_empty(line) || line.ptr[0] != '#')
        return false;
    struct sv rest = sv_trim(sv_slice(line, 1, line.len));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct sv name = sv_from(names[i]);
        char next = rest.len > name.len ? rest.ptr[name.len] : ' ';
        if (sv_starts_nocase(rest, name) && (next == ' ' || next == '\t'))
            return true;
    }
    return false;
}
