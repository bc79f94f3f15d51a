/*
 * Times at the start of text lines that stand behind something: Blue Gene's RAS log, and lines
 * behind the name of their file. See text.h. Pure functions, called by text_read_head().
 */
#include "ingest/parse/line_times.h"

#include "ingest/parse/time_form.h"

#define FILE_NAME_MAX 200

/* Blue Gene: "- 1117838570 2005.06.03 NODE 2005-06-03-15.42.50.675872 NODE TYPE ...". The first is
 * "-" or the label of an alert, the second the time, the fifth has it by the clock on the wall. */
static size_t
read_blue_gene(struct sv line, struct read_time *time)
{
    struct sv rest = line, label, epoch, date, node, wall;
    struct written_time written;
    if (!sv_split(&rest, ' ', &label) || sv_empty(label) || label.len > 16 ||
        !sv_split(&rest, ' ', &epoch) || epoch.len != 10 || !sv_split(&rest, ' ', &date) ||
        date.len != 10 || time_form_read(date, NULL, &written) != date.len ||
        !sv_split(&rest, ' ', &node) || !sv_split(&rest, ' ', &wall) ||
        time_form_read(wall, NULL, &written) != wall.len || !times_read_epoch(epoch, time) ||
        !sv_split(&rest, ' ', &node) || rest.ptr == NULL)
        return 0;
    if (written.fraction_digits > 0) {
        time->ns += written.civil.nanosecond;
        time->precision = time_precision_of(written.fraction_digits);
    }
    return (size_t)(rest.ptr - line.ptr);
}

/* "nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 ...": what collected the lines of
 * several files wrote their names before them. */
static size_t
read_behind_file(struct sv line, const struct time_hints *hints, struct read_time *time)
{
    size_t blank = sv_find_char(sv_slice(line, 0, FILE_NAME_MAX), ' '), length = 0;
    if (blank == SIZE_MAX || !sv_contains(sv_slice(line, 0, blank), SV(".log")) ||
        !times_read_prefix(sv_slice(line, blank + 1, line.len), hints, time, &length))
        return 0;
    return blank + 1 + length;
}

bool
times_read_line(struct sv line, const struct time_hints *hints, struct read_time *ret_time,
                size_t *ret_length)
{
    struct read_time time = {.ns = TIME_NONE};
    if (times_read_prefix(line, hints, ret_time, ret_length))
        return true;
    size_t length = read_blue_gene(line, &time);
    if (length == 0)
        length = read_behind_file(line, hints, &time);
    if (length == 0)
        return false;
    *ret_time = time;
    *ret_length = length;
    return true;
}
