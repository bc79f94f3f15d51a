/*
 * Correcting an incident in an editor: see curate.h.
 */
#include "app/curate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/curate_text.h"
#include "app/decide_folder.h"
#include "app/editor.h"
#include "app/infile.h"
#include "app/outfile.h"
#include "app/output.h"
#include "base/clock.h"
#include "base/text/escape.h"
#include "base/text/visible.h"

struct curating {
    const struct curate_request *request;
    struct arena arena;
    struct stored_incident stored;
    struct strbuf text;  /* as it was edited last */
    struct strbuf again; /* the same with reasons */
    struct decision_list list;
    size_t wrong, gone; /* lines that cannot be decided; rows that the text lacks */
};

static int
load(struct curating *curating, struct err *err)
{
    const struct curate_request *request = curating->request;
    struct store *store;
    if (decide_open(request->config, request->incident, request->stop, &store, err) != 0)
        return -1;
    struct decision_list pending;
    int status = decide_load_now(store, &curating->arena, request->incident, &curating->stored,
                                 &pending, err);
    store_close(store);
    return status;
}

/* ------------------------------------------------------------------ what was edited */

/* "14:05:10", with its date where that is not the one of `near_ns`. */
static void
put_time(int64_t ns, int64_t near_ns, struct strbuf *out)
{
    char time[TIME_TEXT], near[TIME_TEXT];
    time_format_zone(ns, time);
    time_format_zone(near_ns, near);
    bool same = memcmp(time, near, sizeof("2026-03-03") - 1) == 0;
    strbuf_addf(out, " %.*s", same ? 8 : 19, time + (same ? sizeof("2026-03-03") : 0));
}

/* What is taken back, by whom it was decided. */
static void
put_undone(const struct incident *incident, struct sv target, struct strbuf *out)
{
    for (size_t i = 0; i < incident->decision_count; i++) {
        const struct decision *undone = &incident->decisions[i].decision;
        if (!sv_eq(undone->id, target))
            continue;
        strbuf_addf(out, " of %s by ", decision_word(undone->verb));
        escape_terminal(out, undone->author);
        if (undone->row_count > 0)
            put_time(undone->rows[0].time_ns, incident->first_ns, out);
        strbuf_add_text(out, ": ");
        escape_terminal(out, sv_empty(undone->value) && undone->row_count > 0 ? undone->rows[0].text
                                                                              : undone->value);
    }
}

/* "retime 14:15:40 to 14:15:10: I suspect the payment provider" */
static void
put_decision(const struct incident *incident, const struct decision *decision, struct strbuf *out)
{
    int64_t near_ns = decision->row_count > 0 ? decision->rows[0].time_ns : incident->first_ns;
    strbuf_add_text(out, decision_word(decision->verb));
    if (decision->verb == DECISION_UNDO)
        put_undone(incident, decision->target, out);
    if (decision->verb == DECISION_MILESTONE) {
        strbuf_add_char(out, ' ');
        escape_terminal(out, decision->value);
        strbuf_add_text(out, decision->row_count == 0 ? ": " DECISION_NO_ROW : "");
    }
    if (decision->row_count > 0)
        put_time(near_ns, incident->first_ns, out);
    if (decision->verb == DECISION_RETIME)
        strbuf_add_text(out, " to");
    if (decision->time_ns != TIME_NONE)
        put_time(decision->time_ns, near_ns, out);
    if (decision->verb == DECISION_NOTE) {
        strbuf_add_char(out, ' ');
        escape_terminal(out, decision->author);
    }
    if (decision->row_count > 0) {
        strbuf_add_text(out, ": ");
        escape_terminal(out, decision->rows[0].text);
    }
    if (decision->verb == DECISION_ANNOTATE)
        strbuf_add_text(out, " > ");
    else if (decision->row_count == 0 && decision_takes(decision->verb) != VALUE_NOTHING &&
             decision->verb != DECISION_MILESTONE)
        strbuf_add_text(out, ": ");
    if (decision->verb != DECISION_MILESTONE)
        escape_terminal(out, decision->value);
    strbuf_add_char(out, '\n');
}

/* A line that was deleted looks like one that was hidden. */
static void
put_gone(size_t gone, struct strbuf *out)
{
    if (gone > 0)
        strbuf_addf(out,
                    "%zu row%s not in the text any more and stay%s as %s; 'hide' in front of a row "
                    "hides it\n",
                    gone, gone == 1 ? " is" : "s are", gone == 1 ? "s" : "",
                    gone == 1 ? "it is" : "they are");
}

static int
show(struct curating *curating, struct err *err)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < curating->list.count; i++)
        put_decision(&curating->stored.incident, &curating->list.all[i], &out);
    put_gone(curating->gone, &out);
    if (curating->list.count == 0 && curating->wrong == 0)
        strbuf_add_text(&out, "nothing is different, nothing was decided\n");
    int status = output_buffer(&out, "what is decided", err);
    strbuf_release(&out);
    return status;
}

/* Against the incident as it is by now. */
static int
compare(struct curating *curating, struct err *err)
{
    const struct decide_request by = {.by = curating->request->by, .why = curating->request->why};
    struct decision begun;
    curating->list = (struct decision_list){0};
    strbuf_clear(&curating->again);
    if (load(curating, err) != 0 || decide_begin(&by, &begun, err) != 0)
        return -1;
    curate_read(&curating->arena, &curating->stored, &begun,
                arena_copy(&curating->arena, strbuf_view(&curating->text)), &curating->list,
                &curating->again, &curating->wrong, &curating->gone);
    return show(curating, err);
}

static void
tell_wrong(const struct curating *curating)
{
    struct sv text = strbuf_view(&curating->again);
    for (struct sv line; sv_split(&text, '\n', &line);) {
        if (!sv_starts(line, SV(CURATE_REASON)))
            continue;
        struct sv rest = text, below = SV("");
        (void)sv_split(&rest, '\n', &below);
        visible_line(stderr, SV_FMT, SV_ARG(sv_slice(line, 3, line.len)));
        visible_line(stderr, "    " SV_FMT, SV_ARG(below));
    }
}

static int
write_down(struct curating *curating, struct err *err)
{
    const struct curate_request *request = curating->request;
    if (curating->list.count == 0 || request->dry_run)
        return 0;
    return decide_write(request->config, request->stop, request->incident, &curating->list, err);
}

/* ------------------------------------------------------------------ from a file */

static int
from_file(struct curating *curating, struct err *err)
{
    if (decide_input(curating->request->file, &curating->text, err) != 0 ||
        compare(curating, err) != 0)
        return -1;
    if (curating->wrong == 0)
        return write_down(curating, err);
    tell_wrong(curating);
    return err_set(err, ERR_USAGE, "%zu line%s cannot be decided; nothing was", curating->wrong,
                   curating->wrong == 1 ? "" : "s");
}

/* ------------------------------------------------------------------ in an editor */

static int
edit_once(struct curating *curating, const char *path, struct err *err)
{
    bool there = true;
    if (outfile_write(path, &curating->text, err) != 0 || editor_edit(path, err) != 0)
        return -1;
    strbuf_clear(&curating->text);
    if (infile_read(path, &curating->text, &there, err) != 0)
        return -1;
    return compare(curating, err);
}

/* Until it is written, given up, or nothing is different. */
static int
edit(struct curating *curating, const char *path, struct err *err)
{
    for (;;) {
        char answer = 'y';
        if (edit_once(curating, path, err) != 0)
            return -1;
        tell_wrong(curating);
        if (curating->wrong > 0)
            answer = editor_ask("Some lines cannot be decided. Edit again, or give up? [e/n] ");
        else if (curating->list.count > 0 && !curating->request->dry_run)
            answer = editor_ask("Decide this? Yes, edit again, or give up? [y/e/n] ");
        if (answer == 'y' && curating->wrong == 0)
            return write_down(curating, err);
        if (answer != 'e')
            return err_set(err, ERR_FAILED, "nothing was decided");
        strbuf_clear(&curating->text);
        strbuf_add_sv(&curating->text, strbuf_view(&curating->again));
    }
}

/* True if the file holds something else than was printed: what somebody wrote, as it stands. */
static bool
is_edited(const char *path, const struct strbuf *printed)
{
    struct strbuf text;
    struct err err;
    bool there = false;
    strbuf_init(&text, CURATE_BYTES_MAX);
    bool edited = infile_read(path, &text, &there, &err) != 0 ||
                  (there && !sv_eq(strbuf_view(&text), strbuf_view(printed)));
    strbuf_release(&text);
    return edited;
}

/* The file stays wherever what it says was not decided, whyever that is. */
static int
edit_in(struct curating *curating, const char *path, struct err *err)
{
    struct strbuf printed;
    strbuf_init(&printed, CURATE_BYTES_MAX);
    strbuf_add_sv(&printed, strbuf_view(&curating->text));
    int status = edit(curating, path, err);
    bool decided = status == 0 && (curating->list.count == 0 || !curating->request->dry_run);
    if (decided || !is_edited(path, &printed))
        unlink(path);
    else
        visible_line(stderr, "what you wrote is in %s", path);
    strbuf_release(&printed);
    return status;
}

static int
in_editor(struct curating *curating, struct err *err)
{
    const char *folder = getenv("TMPDIR");
    char path[512];
    if (!editor_has_terminal()) {
        err_set(err, ERR_USAGE, "curate needs a terminal for the editor");
        return err_hint(err,
                        "'hindcast curate INCIDENT --print > FILE', edit it, then '--file FILE' "
                        "('-': standard input)");
    }
    snprintf(path, sizeof(path), "%s/hindcast-curate-XXXXXX",
             folder == NULL || folder[0] == '\0' ? "/tmp" : folder);
    int file = mkstemp(path);
    if (file < 0)
        return err_set_errno(err, ERR_IO, errno, "cannot make a file for the editor");
    close(file);
    curate_print(&curating->stored, &curating->text);
    visible_line(stderr, "until it is decided, what you write is in %s", path);
    return edit_in(curating, path, err);
}

static int
curate(struct curating *curating, struct err *err)
{
    if (curating->request->file != NULL)
        return from_file(curating, err);
    if (load(curating, err) != 0)
        return -1;
    if (!curating->request->print)
        return in_editor(curating, err);
    curate_print(&curating->stored, &curating->text);
    return output_buffer(&curating->text, "the timeline", err);
}

int
curate_run(const struct curate_request *request, struct err *err)
{
    struct curating curating = {.request = request};
    arena_init(&curating.arena, 0);
    strbuf_init(&curating.text, CURATE_BYTES_MAX);
    strbuf_init(&curating.again, CURATE_BYTES_MAX);
    int status = curate(&curating, err);
    strbuf_release(&curating.text);
    strbuf_release(&curating.again);
    arena_release(&curating.arena);
    return status;
}
