/*
 * The lanes of a chart but for alerts: changes, updates to users, people. See canvas.h.
 */
#include "report/chart/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/chart/picks.h"
#include "report/chart/width.h"

#define CHANGE_ROWS 3
#define LABEL_MAX 2400 /* a change's words */
#define NEAR 40        /* marks nearer than this are one */

/* ---- marks in time, of which many may lie together ---- */

struct mark {
    const struct entry *entry;
    int64_t x;
    size_t more; /* entries that are not drawn, for they would lie on this one */
};

/* Entries that `wanted` picks, in order of time; of those that lie together the first key one. */
static size_t
collect(const struct canvas *canvas, bool (*wanted)(const struct entry *, const void *),
        const void *about, struct mark **ret_marks)
{
    const struct incident *incident = canvas->incident;
    struct mark *marks = NULL;
    size_t count = 0, room = 0;
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        if (!canvas_shows(canvas, entry->time_ns) || !wanted(entry, about))
            continue;
        int64_t x = canvas_x(canvas, entry->time_ns);
        struct mark *last = count > 0 ? &marks[count - 1] : NULL;
        if (last != NULL && x - last->x < NEAR) {
            last->more++;
            if (pick_is_key(entry) && !pick_is_key(last->entry))
                last->entry = entry;
            continue;
        }
        marks = memory_grow(marks, &room, count + 1, sizeof(*marks));
        marks[count++] = (struct mark){entry, x, 0};
    }
    *ret_marks = marks;
    return count;
}

/* ---- changes ---- */

static bool
is_change(const struct entry *entry, const void *about)
{
    (void)about;
    return pick_is_change(entry);
}

static void
draw_diamond(struct canvas *canvas, const struct mark *mark, int64_t middle)
{
    struct strbuf *out = canvas->out;
    const struct entry *entry = mark->entry;
    bool back = pick_is_taken_back(entry);
    strbuf_addf(out, "<path class=\"change%s\" d=\"M%lld %lldl7 7l-7 7l-7 -7z\">",
                back ? " back" : "", (long long)(mark->x / 10), (long long)((middle - 70) / 10));
    canvas_title(canvas, entry, mark->more);
    strbuf_add_text(out, "</path>");
}

/* The row in which mark and words have room, -1: none; the last one takes marks without words. */
static int
row_with_room(const int64_t ends[CHANGE_ROWS], int64_t from)
{
    for (int row = 0; row < CHANGE_ROWS; row++)
        if (from >= ends[row])
            return row;
    return -1;
}

void
chart_changes(struct canvas *canvas)
{
    struct mark *marks;
    size_t count = collect(canvas, is_change, NULL, &marks);
    int64_t ends[CHANGE_ROWS] = {0};
    int used = 1;
    if (count == 0) {
        free(marks);
        return;
    }
    canvas_lane(canvas, "Changes");
    for (size_t i = 0; i < count; i++) {
        int64_t wide = chart_width(marks[i].entry->text);
        int64_t x = marks[i].x, label = wide < LABEL_MAX ? wide : LABEL_MAX;
        bool left = x + 110 + label > CHART_WIDTH;
        int row = row_with_room(ends, left ? x - 110 - label : x - 90);
        bool words = row >= 0;
        row = row < 0 ? CHANGE_ROWS - 1 : row;
        used = row + 1 > used ? row + 1 : used;
        int64_t middle = canvas->y + 150 + row * CHART_ROW;
        canvas_link(canvas, marks[i].entry);
        draw_diamond(canvas, &marks[i], middle);
        if (words) {
            strbuf_addf(canvas->out, "<text class=\"label\" text-anchor=\"%s\"",
                        left ? "end" : "start");
            canvas_number(canvas->out, "x", left ? x - 110 : x + 110);
            canvas_number(canvas->out, "y", middle + 40);
            strbuf_add_char(canvas->out, '>');
            chart_text(canvas->out, marks[i].entry->text, LABEL_MAX);
            strbuf_add_text(canvas->out, "</text>");
            ends[row] = left ? x + 90 : x + 110 + label + 80;
        }
        canvas_link_end(canvas, marks[i].entry);
        strbuf_add_char(canvas->out, '\n');
    }
    canvas->y += 80 + used * CHART_ROW;
    free(marks);
}

/* ---- updates ---- */

static bool
is_update(const struct entry *entry, const void *about)
{
    (void)about;
    return pick_is_update(entry);
}

void
chart_updates(struct canvas *canvas)
{
    struct mark *marks;
    size_t count = collect(canvas, is_update, NULL, &marks);
    if (count > 0)
        canvas_lane(canvas, "Pages, updates");
    for (size_t i = 0; i < count; i++) {
        struct strbuf *out = canvas->out;
        canvas_link(canvas, marks[i].entry);
        strbuf_add_text(out, "<rect class=\"told\" width=\"9\" height=\"9\"");
        canvas_number(out, "x", marks[i].x - 45);
        canvas_number(out, "y", canvas->y + 105);
        strbuf_add_char(out, '>');
        canvas_title(canvas, marks[i].entry, marks[i].more);
        strbuf_add_text(out, "</rect>");
        canvas_link_end(canvas, marks[i].entry);
        strbuf_add_char(out, '\n');
    }
    canvas->y += count > 0 ? 80 + CHART_ROW : 0;
    free(marks);
}

/* ---- people ---- */

static bool
is_by(const struct entry *entry, const void *about)
{
    const struct pick_person *person = about;
    return pick_is_speech(entry) && sv_eq(entry->actor, person->name);
}

static void
draw_person(struct canvas *canvas, const struct pick_person *person, int64_t middle)
{
    struct strbuf *out = canvas->out;
    struct mark *marks;
    size_t count = collect(canvas, is_by, person, &marks);
    if (count == 0)
        return; /* nobody is drawn who does not speak in what is shown */
    canvas_row_name(canvas, person->name, middle);
    strbuf_add_text(out, "<line class=\"there\"");
    canvas_number(out, "x1", marks[0].x);
    canvas_number(out, "x2", marks[count - 1].x);
    canvas_number(out, "y1", middle);
    canvas_number(out, "y2", middle);
    strbuf_add_text(out, "/>\n");
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = marks[i].entry;
        canvas_link(canvas, entry);
        strbuf_addf(out, "<circle class=\"said%s%s\" r=\"%s\"", pick_is_key(entry) ? " key" : "",
                    entry->order_established ? "" : " open", pick_is_key(entry) ? "5" : "3.2");
        canvas_number(out, "cx", marks[i].x);
        canvas_number(out, "cy", middle);
        strbuf_add_char(out, '>');
        canvas_title(canvas, entry, marks[i].more);
        strbuf_add_text(out, "</circle>");
        canvas_link_end(canvas, entry);
        strbuf_add_char(out, '\n');
    }
    free(marks);
}

void
chart_people(struct canvas *canvas)
{
    struct pick_person people[PICK_PEOPLE_MAX];
    size_t count;
    size_t shown = pick_people(canvas->incident, canvas->from_ns, canvas->to_ns, people, &count);
    if (shown > 0)
        canvas_lane(canvas, "People");
    for (size_t i = 0; i < shown; i++)
        draw_person(canvas, &people[i], canvas->y + 150 + (int64_t)i * CHART_ROW);
    canvas->y += shown > 0 ? 80 + (int64_t)shown * CHART_ROW : 0;
    canvas_more(canvas, count - shown);
}
