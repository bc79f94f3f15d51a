/*
 * Publishing: see publication.h. Called by report and draft.
 */
#include "app/publication.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "app/infile.h"
#include "base/memory.h"
#include "base/text/utf8.h"
#include "base/text/visible.h"
#include "ingest/source/file/file.h"

#define LISTED_MAX 20  /* doubtful texts of a kind on the terminal */
#define SECRET_SHOWN 4 /* characters of what may be a secret */

int
publication_policy(const struct config *config, struct redact_policy **ret_policy, struct err *err)
{
    const char *path = config_text(config, OPT_report_redaction);
    struct strbuf text;
    bool there = true;
    strbuf_init(&text, POLICY_BYTES_MAX);
    int status = path[0] == '\0' ? 0 : infile_read(path, &text, &there, err);
    if (status == 0 && !there)
        status = err_set(err, ERR_NOT_FOUND, "there is no file %s", path);
    if (status != 0)
        err_prefix(err, "report.redaction");
    else
        status = redact_policy_new(strbuf_view(&text), path, ret_policy, err);
    strbuf_release(&text);
    return status;
}

int
publication_make(const struct postmortem *postmortem, struct sv rest_name,
                 const struct redact_policy *policy, struct publication *ret_publication,
                 struct err *err)
{
    struct document document;
    struct redacted *copy = memory_calloc(1, sizeof(*copy));
    struct publication publication = {.copy = copy};
    int status = postmortem_document(postmortem, rest_name, &document, &publication.left_out, err);
    if (status == 0) {
        status = redact_document(&document, postmortem->stored, postmortem->files,
                                 postmortem->file_count, policy, copy, err);
        document_release(&document);
    }
    if (status != 0) {
        free(copy);
        return -1;
    }
    *ret_publication = publication;
    return 0;
}

void
publication_release(struct publication *publication)
{
    redacted_release(publication->copy);
    free(publication->copy);
    publication->copy = NULL;
}

/* ---- what is told ---- */

/* Names are told whole, since a person must know them to decide; of what may be a secret the
 * beginning. */
static void
tell_one(const struct doubtful *doubtful, FILE *to)
{
    struct sv text = doubtful->text;
    if (doubtful->kind == REDACT_STRING || doubtful->kind == REDACT_HEX)
        visible_line(to, "    " SV_FMT "... (%zu characters)", SV_ARG(utf8_cut(text, SECRET_SHOWN)),
                     utf8_count(text));
    else
        visible_line(to, "    " SV_FMT, SV_ARG(text));
}

static void
tell_kind(const struct redaction *redaction, enum redact_kind kind, FILE *to)
{
    size_t count = 0, listed = redaction->doubtful_count < REDACT_DOUBTFUL_MAX
                                   ? redaction->doubtful_count
                                   : REDACT_DOUBTFUL_MAX;
    for (size_t i = 0; i < listed; i++) {
        if (redaction->doubtful[i].kind != kind)
            continue;
        if (count == 0)
            visible_line(to, "  doubtful and left as they are, %s:", redact_kind_info(kind)->many);
        if (count++ < LISTED_MAX)
            tell_one(&redaction->doubtful[i], to);
    }
    if (count > LISTED_MAX)
        visible_line(to, "    and %zu more", count - LISTED_MAX);
}

void
publication_tell(const struct publication *publication, FILE *to, const char *name)
{
    const struct redaction *redaction = publication->copy->redaction;
    struct strbuf words;
    strbuf_init(&words, 0);
    redacted_summary(publication->copy, &words);
    visible_line(to, "%s for the public, replaced: %s", name, words.ptr);
    strbuf_release(&words);
    for (enum redact_kind kind = REDACT_DOUBTS; kind < REDACT_KINDS; kind++)
        tell_kind(redaction, kind, to);
    if (redaction->doubtful_count > 0)
        visible_line(to, "  Look at these: [doubtful] of the policy decides (docs/redaction.md).");
}

int
publication_write(const struct config *config, const struct postmortem *postmortem, struct err *err)
{
    struct redact_policy *policy;
    struct publication publication;
    struct postmortem public = *postmortem;
    char beside[PATH_MAX];
    struct sv rest_name;
    if (postmortem_rest_name(postmortem, beside, &rest_name, err) != 0 ||
        publication_policy(config, &policy, err) != 0)
        return -1;
    int status = publication_make(postmortem, rest_name, policy, &publication, err);
    if (status == 0) {
        public.publication = &publication;
        status = postmortem_write(&public, err);
        if (status == 0)
            publication_tell(&publication, stderr, "draft");
        publication_release(&publication);
    }
    redact_policy_free(policy);
    return status;
}

/* ---- the folder ---- */

int
publication_folder(const char *path, struct err *err)
{
    bool any = false, made = false;
    const struct dirent *entry;
    DIR *folder = opendir(path);
    if (folder == NULL && errno == ENOENT)
        return 0;
    if (folder == NULL)
        return err_set_errno(err, ERR_IO, errno, "cannot look into the folder %s", path);
    while ((entry = readdir(folder)) != NULL) {
        any |= strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
               strcmp(entry->d_name, FILE_DRAFTS_MARK) != 0; /* of a run that was killed */
        made |= strcmp(entry->d_name, PUBLICATION_LOG) == 0;
    }
    closedir(folder);
    if (!any || made)
        return 0;
    err_set(err, ERR_FAILED, "the folder %s holds files that were not written with --public", path);
    return err_hint(err, "name another one with --out DIR");
}
