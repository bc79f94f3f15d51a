/*
 * Refreshing drafts: see refresh.h. Called by report refresh.
 */
#include "app/refresh.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/document_base.h"
#include "app/draft_files.h"
#include "app/folder_lock.h"
#include "app/outfile.h"
#include "app/postmortem.h"
#include "base/text/visible.h"
#include "hindcast/counts.h"
#include "hindcast/decoding.h"
#include "report/render/render.h"

struct refresh {
    const struct refresh_request *request;
    struct arena arena;
    char document[PATH_MAX];
    struct document_base base;
    struct stored_incident stored;
    struct ledger_totals ledger;
    struct loaded_file *files;
    struct topic_reading *readings;
    size_t file_count, reading_count;
};

/* ------------------------------------------------------------- whose draft it is */

static int
ask_holders(struct refresh *refresh, struct uid_holder **ret_holders, size_t *ret_count,
            struct err *err)
{
    const struct uid_list *lists[] = {&refresh->base.members, &refresh->base.attached};
    size_t count = 0;
    struct asked_uid *asked =
        ARENA_ARRAY(&refresh->arena, struct asked_uid, lists[0]->count + lists[1]->count + 1);
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < lists[i]->count; k++)
            asked[count++] = (struct asked_uid){(int64_t)i, lists[i]->uids[k]};
    return casebook_holders(refresh->request->store, &refresh->arena, asked, count, ret_holders,
                            ret_count, err);
}

/* The one with most of the members; where nobody has one, with more than half of what hung on them.
 */
static const struct uid_holder *
best_holder(const struct refresh *refresh, const struct uid_holder *holders, size_t count)
{
    const struct uid_holder *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct uid_holder *holder = &holders[i];
        bool enough =
            holder->place == 0 || 2 * holder->shared > (int64_t)refresh->base.attached.count;
        if (enough && (best == NULL || holder->place < best->place ||
                       (holder->place == best->place && holder->shared > best->shared)))
            best = holder;
    }
    return best;
}

static void
tell_others(const struct refresh *refresh, const struct stored_incident *heads, size_t head_count,
            const struct uid_holder *holders, size_t count, const struct uid_holder *best)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < head_count; k++)
            if (&holders[i] != best && holders[i].place == 0 &&
                heads[k].incident_no == holders[i].incident_no)
                visible_line(stderr,
                             "hindcast: %lld of the %zu alerts and declarations of %s are in "
                             "another incident now: " SV_FMT,
                             (long long)holders[i].shared, refresh->base.members.count,
                             refresh->document, SV_ARG(stored_incident_name(&heads[k])));
}

static int
find_incident(struct refresh *refresh, struct err *err)
{
    struct store *store = refresh->request->store;
    struct uid_holder *holders;
    struct stored_incident *heads;
    size_t count, head_count;
    if (ask_holders(refresh, &holders, &count, err) != 0 ||
        casebook_incidents(store, &refresh->arena, true, &heads, &head_count, err) != 0)
        return -1;
    const struct uid_holder *best = best_holder(refresh, holders, count);
    for (size_t i = 0; i < head_count && best != NULL; i++)
        if (heads[i].incident_no == best->incident_no) {
            tell_others(refresh, heads, head_count, holders, count, best);
            return casebook_whole(store, &refresh->arena, &heads[i], &refresh->stored, err);
        }
    err_set(err, ERR_NOT_FOUND, "no incident of this database holds the records that %s is made of",
            refresh->document);
    return err_hint(err, "'hindcast report INCIDENT --out FILE' writes a draft anew");
}

/* ---------------------------------------------------------------------- writing */

static int
write_timeline(const struct refresh *refresh, struct err *err)
{
    const struct render_options options = {.format = RENDER_JSONL, .least = SIGNIFICANCE_FULL};
    const char *slash = strrchr(refresh->document, '/');
    char path[PATH_MAX];
    struct strbuf text;
    if (snprintf(path, sizeof(path), "%.*s" SV_FMT,
                 slash == NULL ? 0 : (int)(slash + 1 - refresh->document), refresh->document,
                 SV_ARG(refresh->base.timeline)) >= (int)sizeof(path))
        return err_set(err, ERR_IO, "the name is too long: %s", refresh->document);
    strbuf_init(&text, 0);
    render_timeline(&refresh->stored, &options, &text);
    int status = outfile_write(path, &text, err);
    strbuf_release(&text);
    return status;
}

static const char *
zone_of(struct refresh *refresh)
{
    if (refresh->request->zone != NULL)
        return refresh->request->zone;
    return sv_empty(refresh->base.zone) ? NULL : arena_strdup(&refresh->arena, refresh->base.zone);
}

static int
write_file(struct refresh *refresh, struct err *err)
{
    bool named = !sv_empty(refresh->base.timeline);
    const char *document = arena_strdup(&refresh->arena, refresh->base.document);
    enum report_kind kind = report_kind_find(document);
    if (kind == REPORT_KINDS)
        return err_set(err, ERR_FAILED, "%s is a document that this version does not know: '%s'",
                       refresh->document, document);
    const struct postmortem postmortem = {
        .stored = &refresh->stored,
        .ledger = &refresh->ledger,
        .files = refresh->files,
        .file_count = refresh->file_count,
        .readings = refresh->readings,
        .reading_count = refresh->reading_count,
        .template = &refresh->request->templates[kind],
        .kind = kind,
        .zone = zone_of(refresh),
        .path = refresh->document,
        .timeline = named ? arena_strdup(&refresh->arena, refresh->base.timeline) : NULL,
        .refresh = true,
    };
    if (postmortem_write(&postmortem, err) != 0)
        return -1;
    return named ? write_timeline(refresh, err) : 0;
}

/* All that `draft` writes into the folder of an incident. */
static int
write_folder(struct refresh *refresh, const char *folder, struct err *err)
{
    const char *slash = strrchr(folder, '/');
    struct arena *arena = &refresh->arena;
    const char *above =
        slash == NULL ? "." : arena_strdup(arena, sv_of(folder, (size_t)(slash - folder)));
    struct sv name = sv_from(slash == NULL ? folder : slash + 1), digest, decoding;
    struct draft_folders folders = {.out = above, .names = &name, .incidents = 1};
    const struct draft_result result = {.store = refresh->request->store,
                                        .out = above,
                                        .zone = zone_of(refresh),
                                        .templates = refresh->request->templates};
    struct about_store about = {.ledger = refresh->ledger,
                                .files = refresh->files,
                                .file_count = refresh->file_count,
                                .readings = refresh->readings,
                                .reading_count = refresh->reading_count};
    if (casebook_configuration(refresh->request->store, arena,
                               arena_strdup(arena, refresh->stored.scope), &digest, err) != 0 ||
        decoding_digest(refresh->request->store, arena, &decoding, err) != 0)
        return -1;
    about.config_digest = sv_empty(digest) ? NULL : arena_strdup(arena, digest);
    about.decoding_digest = sv_empty(decoding) ? NULL : arena_strdup(arena, decoding);
    int lock = folder_lock(above);
    int status = draft_files_write(&result, &folders, 0, &refresh->stored, &about, NULL, err);
    folder_unlock(lock);
    return status;
}

/* ----------------------------------------------------------------------- reading */

static int
read_base(struct refresh *refresh, struct err *err)
{
    bool there;
    if (access(refresh->document, F_OK) != 0)
        return err_set(err, ERR_NOT_FOUND, "there is no draft %s", refresh->document);
    if (document_base_read(refresh->document, SV_NONE, &refresh->arena, &refresh->base, &there,
                           err) != 0)
        return -1;
    if (there && refresh->base.public) {
        err_set(err, ERR_FAILED, "%s is a redacted copy for the public", refresh->document);
        return err_hint(err, "refresh the draft itself, and redact that again");
    }
    if (there)
        return 0;
    err_set(err, ERR_NOT_FOUND,
            "nothing is kept beside %s of how it was generated (" DOCUMENT_BASE_FILE ")",
            refresh->document);
    return err_hint(err, "'draft' and 'report INCIDENT --out FILE' write it beside their drafts");
}

static int
run(struct refresh *refresh, const char *folder, struct err *err)
{
    struct store *store = refresh->request->store;
    if (read_base(refresh, err) != 0 || find_incident(refresh, err) != 0 ||
        casebook_ledger(store, &refresh->ledger, err) != 0 ||
        casebook_files(store, &refresh->arena, refresh->stored.scope, &refresh->files,
                       &refresh->file_count, err) != 0 ||
        counts_topics(store, &refresh->arena, &refresh->readings, &refresh->reading_count, err) !=
            0)
        return -1;
    return folder == NULL ? write_file(refresh, err) : write_folder(refresh, folder, err);
}

int
refresh_run(const struct refresh_request *request, struct err *err)
{
    struct refresh refresh = {.request = request};
    struct stat status;
    char folder[PATH_MAX];
    bool is_folder = stat(request->path, &status) == 0 && S_ISDIR(status.st_mode);
    size_t length = strlen(request->path);
    if (length + sizeof("/" DRAFT_DOCUMENT) > PATH_MAX)
        return err_set(err, ERR_IO, "the name is too long: %s", request->path);
    if (is_folder && realpath(request->path, folder) == NULL)
        return err_set(err, ERR_IO, "the folder cannot be read: %s", request->path);
    if (is_folder)
        while (length > 1 && request->path[length - 1] == '/')
            length--;
    snprintf(refresh.document, sizeof(refresh.document), "%.*s%s", (int)length, request->path,
             is_folder ? "/" DRAFT_DOCUMENT : "");
    arena_init(&refresh.arena, 0);
    int failed = run(&refresh, is_folder ? folder : NULL, err);
    arena_release(&refresh.arena);
    return failed;
}
