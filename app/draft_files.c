/*
 * Files of drafts: see draft_files.h. Called by draft_result.c.
 */
#include "app/draft_files.h"

#include <stdio.h>

#include "app/document.h"
#include "app/outfile.h"
#include "app/postmortem.h"
#include "base/sha256.h"
#include "report/render/render.h"
#include "store/failpoint.h"

int
draft_files_path(const char *folder, const char *name, char ret_path[PATH_MAX], struct err *err)
{
    return snprintf(ret_path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX
               ? 0
               : err_set(err, ERR_IO, "the name of the folder is too long: %s", folder);
}

static int
folder_path(const struct draft_folders *folders, struct sv name, char ret_path[PATH_MAX],
            struct err *err)
{
    return snprintf(ret_path, PATH_MAX, "%s/" SV_FMT, folders->out, SV_ARG(name)) < PATH_MAX
               ? 0
               : err_set(err, ERR_IO, "the name of the folder is too long: %s", folders->out);
}

static int
write_file(const char *folder, const char *name, const struct strbuf *text, struct err *err)
{
    char path[PATH_MAX];
    return draft_files_path(folder, name, path, err) != 0 ? -1 : outfile_write(path, text, err);
}

static int
write_timeline(const struct stored_incident *stored, const char *folder, const char *name,
               enum render_format format, struct err *err)
{
    const struct render_options options = {.format = format, .least = SIGNIFICANCE_FULL};
    struct strbuf text;
    strbuf_init(&text, 0);
    render_timeline(stored, &options, &text);
    int status = write_file(folder, name, &text, err);
    strbuf_release(&text);
    return status;
}

static int
write_incident_file(const struct incident_file *file, const char *folder, struct err *err)
{
    struct strbuf text;
    strbuf_init(&text, INCIDENT_FILE_BYTES_MAX);
    incident_file_put(file, &text);
    int status = write_file(folder, INCIDENT_FILE, &text, err);
    strbuf_release(&text);
    return status;
}

static int
write_page(const struct draft_result *result, const struct postmortem *draft, const char *folder,
           struct err *err)
{
    char path[PATH_MAX];
    struct postmortem page = *draft;
    if (draft_files_path(folder, DRAFT_PAGE, path, err) != 0)
        return -1;
    page.writer = document_writer_find("html");
    page.store = result->store;
    page.path = path;
    return postmortem_write(&page, err);
}

/* Which incident the folder is of, as this draft shows it. */
static int
write_identity(const struct draft_folders *folders, size_t incident,
               const struct stored_incident *stored, const struct about_store *about,
               const struct strbuf *document, struct err *err)
{
    char folder[PATH_MAX], hex[SHA256_HEX + 1];
    struct incident_file file;
    struct sha256 digest;
    struct arena arena;
    if (folder_path(folders, folders->names[incident], folder, err) != 0)
        return -1;
    arena_init(&arena, 0);
    incident_file_of(stored, &arena, &file);
    sha256_of(document->ptr, document->len, &digest);
    sha256_hex(&digest, hex);
    file.document_digest = sv_from(hex);
    file.configuration = sv_from(about->config_digest);
    file.decoding = sv_from(about->decoding_digest);
    int status = write_incident_file(&file, folder, err);
    arena_release(&arena);
    return status;
}

bool
draft_files_form(const struct draft_result *result, size_t i,
                 const struct document_writer **ret_writer)
{
    const struct document_writer *writer = document_writer_find(result->forms[i]);
    bool usual = writer == NULL || strcmp(writer->file, DRAFT_DOCUMENT) == 0 ||
                 strcmp(writer->file, DRAFT_PAGE) == 0;
    for (size_t k = 0; k < i; k++)
        usual = usual || document_writer_find(result->forms[k]) == writer;
    *ret_writer = writer;
    return !usual;
}

/* Forms that nobody edits: they are replaced. */
static int
write_forms(const struct draft_result *result, const struct postmortem *draft, const char *folder,
            struct err *err)
{
    struct postmortem form = *draft;
    struct strbuf text;
    size_t left_out;
    int status = 0;
    strbuf_init(&text, 0);
    for (size_t i = 0; i < result->form_count && status == 0; i++) {
        if (!draft_files_form(result, i, &form.writer))
            continue;
        status = postmortem_make(&form, SV(DRAFT_TIMELINE), &text, &left_out, err);
        if (status == 0)
            status = write_file(folder, form.writer->file, &text, err);
    }
    strbuf_release(&text);
    return status;
}

/*
 * Another document of the same incident; one that people edited is merged, as the draft is. For the
 * public it is redacted like the draft.
 */
static int
write_other(const struct draft_result *result, const struct postmortem *postmortem,
            enum report_kind kind, const char *path, struct err *err)
{
    struct publication publication = {.copy = NULL};
    struct postmortem other = *postmortem;
    struct strbuf text;
    size_t left_out;
    other.template = &result->templates[kind];
    other.kind = kind;
    other.path = path;
    if (postmortem->publication != NULL) {
        if (publication_make(&other, SV(DRAFT_TIMELINE), result->policy, &publication, err) != 0)
            return -1;
        other.publication = &publication;
    }
    strbuf_init(&text, 0);
    int status = postmortem_make(&other, SV(DRAFT_TIMELINE), &text, &left_out, err);
    if (status == 0)
        status = postmortem_refresh(&other, &text, err);
    strbuf_release(&text);
    if (other.publication != NULL)
        publication_release(&publication);
    return status;
}

static int
write_others(const struct draft_result *result, const struct postmortem *postmortem,
             const char *folder, struct err *err)
{
    static const struct {
        enum report_kind kind;
        const char *name;
    } others[] = {{REPORT_summary, DRAFT_SUMMARY}, {REPORT_facilitator, DRAFT_SHEET}};
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (draft_files_path(folder, others[i].name, path, err) != 0 ||
            write_other(result, postmortem, others[i].kind, path, err) != 0)
            return -1;
    return 0;
}

static int
write_all(const struct draft_result *result, const char *folder,
          const struct postmortem *postmortem, const struct strbuf *document, struct err *err)
{
    char path[PATH_MAX];
    const struct stored_incident *shown = postmortem_shown(postmortem);
    struct postmortem draft = *postmortem;
    if (draft_files_path(folder, DRAFT_DOCUMENT, path, err) != 0)
        return -1;
    draft.path = path;
    if (postmortem_refresh(&draft, document, err) != 0)
        return -1;
    int status = write_others(result, postmortem, folder, err);
    if (status == 0)
        status = write_page(result, postmortem, folder, err);
    if (status == 0)
        status = write_forms(result, postmortem, folder, err);
    if (status == 0)
        status = write_timeline(shown, folder, DRAFT_TIMELINE, RENDER_JSONL, err);
    if (status == 0)
        status = write_timeline(shown, folder, DRAFT_TABLE, RENDER_CSV, err);
    return status;
}

static struct postmortem
postmortem_of(const struct draft_result *result, const struct stored_incident *stored,
              const struct about_store *about)
{
    return (struct postmortem){.stored = stored,
                               .ledger = &about->ledger,
                               .files = about->files,
                               .file_count = about->file_count,
                               .readings = about->readings,
                               .reading_count = about->reading_count,
                               .skipped = result->skipped,
                               .template = &result->templates[REPORT_postmortem],
                               .zone = result->zone,
                               .timeline = DRAFT_TIMELINE};
}

int
draft_files_publish(const struct draft_result *result, const struct stored_incident *stored,
                    const struct about_store *about, struct publication *ret_publication,
                    struct err *err)
{
    const struct postmortem postmortem = postmortem_of(result, stored, about);
    return publication_make(&postmortem, SV(DRAFT_TIMELINE), result->policy, ret_publication, err);
}

int
draft_files_write(const struct draft_result *result, struct draft_folders *folders, size_t incident,
                  const struct stored_incident *stored, const struct about_store *about,
                  const struct publication *publication, struct err *err)
{
    char folder[PATH_MAX];
    size_t left_out;
    struct strbuf document;
    struct postmortem postmortem = postmortem_of(result, stored, about);
    postmortem.publication = publication;
    const struct stored_incident *shown = postmortem_shown(&postmortem);
    strbuf_init(&document, 0);
    int status = postmortem_make(&postmortem, SV(DRAFT_TIMELINE), &document, &left_out, err);
    if (status == 0 && sv_empty(folders->names[incident]))
        status = draft_folders_make(folders, incident, shown, err);
    if (status == 0)
        status = write_identity(folders, incident, shown, about, &document, err);
    if (status == 0)
        status = folder_path(folders, folders->names[incident], folder, err);
    FAILPOINT_HERE(draft_after_identity);
    if (status == 0)
        status = write_all(result, folder, &postmortem, &document, err);
    strbuf_release(&document);
    return status;
}

/* At the end of its document, where people read it; the link works where both folders are. */
static int
write_notice(const char *folder, struct sv into, struct err *err)
{
    char path[PATH_MAX], notice[512];
    if (draft_files_path(folder, DRAFT_DOCUMENT, path, err) != 0)
        return -1;
    snprintf(notice, sizeof(notice),
             "> **This incident is now part of another one:** [" SV_FMT "](../" SV_FMT
             "/" DRAFT_DOCUMENT "). This text is not refreshed any more.\n",
             SV_ARG(into), SV_ARG(into));
    return document_notice(path, sv_from(notice), err);
}

int
draft_files_write_merged(const struct draft_folders *folders, struct err *err)
{
    const struct draft_folder *merged;
    size_t at = 0, into;
    while ((merged = draft_folders_merged(folders, &at, &into)) != NULL) {
        char folder[PATH_MAX];
        struct incident_file file = merged->file;
        file.merged_into = folders->names[into];
        if (folder_path(folders, merged->name, folder, err) != 0 ||
            write_incident_file(&file, folder, err) != 0 ||
            write_notice(folder, folders->names[into], err) != 0)
            return -1;
    }
    return 0;
}
