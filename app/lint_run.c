/*
 * Lint of files: see lint_run.h.
 */
#include "app/lint_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/outfile.h"
#include "app/output.h"
#include "base/memory.h"
#include "base/stop.h"
#include "base/text/visible.h"
#include "report/lint/write.h"

#define STDIN_NAME "-"

struct run {
    const struct lint_request *request;
    struct lint_rules *rules;
    struct lint_file *files;
    struct arena arena;
};

/* ---- reading ---- */

static int
read_stream(FILE *file, const char *name, struct strbuf *out, struct err *err)
{
    char piece[8192];
    size_t got;
    while (!out->overflow && (got = fread(piece, 1, sizeof(piece), file)) > 0)
        strbuf_add(out, piece, got);
    if (ferror(file) != 0)
        return err_set_errno(err, ERR_IO, errno, "cannot read %s", name);
    if (out->overflow)
        return err_set(err, ERR_LIMIT, "%s is larger than %zu MiB", name, out->max >> 20);
    return 0;
}

static int
read_file(const char *path, struct strbuf *out, struct err *err)
{
    if (strcmp(path, STDIN_NAME) == 0)
        return read_stream(stdin, "standard input", out, err);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return err_set_errno(err, ERR_IO, errno, "cannot read %s", path);
    int status = read_stream(file, path, out, err);
    fclose(file);
    return status;
}

static int
read_rules(const struct config *config, struct lint_rules **ret_rules, struct err *err)
{
    const char *path = config_text(config, OPT_report_lint_rules);
    struct strbuf team;
    if (path[0] == '\0')
        return lint_rules_new(SV_NONE, NULL, ret_rules, err);
    strbuf_init(&team, LINT_RULES_BYTES_MAX);
    strbuf_add_text(&team, "");
    int status = read_file(path, &team, err);
    if (status == 0)
        status = lint_rules_new(strbuf_view(&team), path, ret_rules, err);
    strbuf_release(&team);
    return status;
}

/* ---- looking and mending ---- */

static int
look_at(struct run *run, struct lint_file *file, struct err *err)
{
    if (lint_text(run->rules, file->text, &run->arena, &file->findings, err) != 0)
        return err_prefix(err, "%s", file->name);
    return 0;
}

static int
look_at_all(struct run *run, struct err *err)
{
    int status = 0;
    for (size_t i = 0; i < run->request->count && status == 0; i++) {
        struct strbuf text;
        if (stop_asked(run->request->stop))
            return err_set(err, ERR_FAILED, "stopped before it was done");
        strbuf_init(&text, LINT_BYTES_MAX);
        run->files[i].name = run->request->paths[i];
        status = read_file(run->files[i].name, &text, err);
        run->files[i].text =
            arena_copy(&run->arena, sv_of(text.ptr == NULL ? "" : text.ptr, text.len));
        strbuf_release(&text);
        if (status == 0)
            status = look_at(run, &run->files[i], err);
    }
    return status;
}

/* Somebody may have saved the file meanwhile: their words are not to be lost. */
static int
check_unchanged(const struct lint_file *file, struct err *err)
{
    struct strbuf now;
    strbuf_init(&now, LINT_BYTES_MAX);
    int status = read_file(file->name, &now, err);
    if (status == 0 && !sv_eq(strbuf_view(&now), file->text))
        status =
            err_set(err, ERR_FAILED, "%s was changed meanwhile; run the same again", file->name);
    strbuf_release(&now);
    return status;
}

static struct sv
rule_shown(const struct run *run, const struct lint_finding *finding, struct strbuf *out)
{
    strbuf_clear(out);
    lint_rule_put(lint_rules_at(run->rules, finding->rule), out);
    return strbuf_view(out);
}

static void
tell_fixed(const struct run *run, const struct lint_file *file)
{
    size_t at = 0;
    struct strbuf rule;
    strbuf_init(&rule, 0);
    for (size_t i = 0; i < file->findings.count; i++) {
        const struct lint_finding *one = &file->findings.items[i];
        if (!one->fixable || one->allowed || one->fix_from < at)
            continue;
        at = one->fix_to;
        struct sv was = sv_slice(file->text, one->fix_from, one->fix_to);
        visible_line(stderr, "%s:%zu:%zu: fixed: “" SV_FMT "” became “" SV_FMT "” [" SV_FMT "]",
                     file->name, one->line, one->column, SV_ARG(was), SV_ARG(one->fix),
                     SV_ARG(rule_shown(run, one, &rule)));
    }
    strbuf_release(&rule);
}

static int
fix_file(struct run *run, struct lint_file *file, struct err *err)
{
    struct strbuf text;
    strbuf_init(&text, 0);
    int status = 0;
    if (lint_fix(file->text, &file->findings, &text) > 0) {
        status = check_unchanged(file, err);
        if (status == 0)
            status = outfile_write_bytes(file->name, strbuf_view(&text), err);
        if (status == 0) {
            tell_fixed(run, file);
            file->text = arena_copy(&run->arena, strbuf_view(&text));
            status = look_at(run, file, err);
        }
    }
    strbuf_release(&text);
    return status;
}

static int
print(struct run *run, struct err *err)
{
    const struct lint_request *request = run->request;
    struct strbuf out;
    strbuf_init(&out, 0);
    if (request->form == LINT_SARIF)
        lint_write_sarif(run->rules, run->files, request->count, &out);
    else if (request->form == LINT_JSON)
        lint_write_json(run->rules, run->files, request->count, &out);
    else
        lint_write_text(run->rules, run->files, request->count, &out);
    int status = output_buffer(&out, "the findings", err);
    strbuf_release(&out);
    return status;
}

static int
look_fix_print(struct run *run, struct err *err)
{
    const struct lint_request *request = run->request;
    if (look_at_all(run, err) != 0)
        return -1;
    for (size_t i = 0; i < request->count && request->fix; i++)
        if (fix_file(run, &run->files[i], err) != 0)
            return -1;
    if (print(run, err) != 0)
        return -1;
    return lint_count(run->files, request->count, request->least) > 0 ? LINT_FOUND : 0;
}

int
lint_run(const struct lint_request *request, struct err *err)
{
    struct run run = {.request = request};
    if (request->count > LINT_FILES_MAX)
        return err_set(err, ERR_LIMIT, "more than %d files", LINT_FILES_MAX);
    if (read_rules(request->config, &run.rules, err) != 0)
        return -1;
    arena_init(&run.arena, 0);
    run.files = memory_calloc(request->count, sizeof(*run.files));
    int status = look_fix_print(&run, err);
    free(run.files);
    arena_release(&run.arena);
    lint_rules_free(run.rules);
    return status;
}

int
lint_print_rules(const struct config *config, struct err *err)
{
    struct lint_rules *rules;
    struct strbuf out;
    if (read_rules(config, &rules, err) != 0)
        return -1;
    strbuf_init(&out, 0);
    lint_write_rules(rules, &out);
    int status = output_buffer(&out, "the rules", err);
    strbuf_release(&out);
    lint_rules_free(rules);
    return status;
}
