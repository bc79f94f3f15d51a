/*
 * Undoing what lines repeat: see joined_text.h. Called once for each record of several lines that
 * comes from a file.
 */
#include "ingest/parse/joined_text.h"

#include "ingest/parse/boxed_line.h"
#include "ingest/parse/repeated_head.h"

/* All of the text in the first object: it is escaped in all of them alike. */
static struct sv
of_docker(struct arena *arena, struct sv value, struct boxed_line *line)
{
    struct sv rest = value, next = SV_NONE;
    char *text = arena_alloc(arena, value.len + 1), *at = text;
    sv_split(&rest, '\n', &next);
    boxed_line_read(next, line);
    struct sv end = sv_slice(next, line->log_to, next.len);
    at = sv_put(at, sv_slice(next, 0, line->log_to));
    while (sv_split(&rest, '\n', &next)) {
        if (sv_empty(sv_trim(next)))
            continue;
        boxed_line_read(next, line);
        if (line->box != BOX_DOCKER)
            return value;
        at = sv_put(at, sv_slice(next, line->log_from, line->log_to));
    }
    at = sv_put(at, end);
    return sv_of(text, (size_t)(at - text));
}

static struct sv
of_named(struct arena *arena, struct sv value, struct boxed_line *line)
{
    struct sv rest = value, next = SV_NONE;
    char *text = arena_alloc(arena, value.len + 1), *at = text;
    enum line_box box = line->box;
    sv_split(&rest, '\n', &next);
    at = sv_put(at, next);
    while (sv_split(&rest, '\n', &next)) {
        boxed_line_read(next, line);
        *at++ = '\n';
        at = sv_put(at, line->box == box ? line->text : next);
    }
    return sv_of(text, (size_t)(at - text));
}

static struct sv
of_repeated(struct arena *arena, struct sv value, const struct repeated_head *head)
{
    struct sv rest = value, next, first = SV_NONE;
    char *text = arena_alloc(arena, value.len + 1), *at = text;
    int64_t part = head->part;
    sv_split(&rest, '\n', &first);
    at = sv_put(at, first);
    while (sv_split(&rest, '\n', &next)) {
        size_t from = 0;
        bool goes_on = repeated_head_goes_on(first, head, part, next, &from);
        part += goes_on;
        *at++ = '\n';
        at = sv_put(at, goes_on ? sv_slice(next, from, next.len) : next);
    }
    return sv_of(text, (size_t)(at - text));
}

struct sv
joined_text(struct arena *arena, struct sv value)
{
    struct boxed_line line;
    struct repeated_head head;
    struct sv first = sv_slice(value, 0, sv_find_char(value, '\n'));
    boxed_line_read(first, &line);
    switch (line.box) {
    case BOX_DOCKER:
        return of_docker(arena, value, &line);
    case BOX_COMPOSE:
    case BOX_POD:
        return of_named(arena, value, &line);
    case BOX_CRI: /* its decoder knows that lines may have been joined */
        return value;
    case BOX_NONE:
        break;
    }
    repeated_head_read(first, &head);
    return head.len == 0 ? value : of_repeated(arena, value, &head);
}
