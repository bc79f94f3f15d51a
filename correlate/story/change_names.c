/*
 * What records of changes are called by: see change_names.h. Pure.
 */
#include "correlate/story/change_names.h"

#include "base/text/utf8.h"
#include "base/text/word_char.h"

#define PULL_DIGITS_LEAST 1
#define PULL_DIGITS_MOST 7

struct sv
last_part(struct arena *arena, struct sv path)
{
    struct sv rest = path, part = SV_NONE;
    while (sv_split(&rest, '/', &part))
        continue;
    return text_lower(arena, sv_trim(part));
}

/* ------------------------------------------------------------------- numbers */

static struct sv
digits_at(struct sv text, size_t at)
{
    size_t digits = text_run(text, at, "0123456789");
    return digits < PULL_DIGITS_LEAST || digits > PULL_DIGITS_MOST ||
                   !text_word_ends(text, at + digits)
               ? SV_NONE
               : sv_slice(text, at, at + digits);
}

/* The digits behind the first of these words that digits stand behind. */
static struct sv
number_behind(struct sv text, struct sv word)
{
    for (size_t from = 0;;) {
        size_t at = sv_find(sv_slice(text, from, text.len), word);
        if (at == SIZE_MAX)
            return SV_NONE;
        from += at + word.len;
        struct sv digits = digits_at(text, from);
        if (digits.len > 0 && text_word_begins(text, from - word.len))
            return digits;
    }
}

/* The number of a pull request that a title ends with: "Bump it (#12)". */
static struct sv
number_at_end(struct sv text)
{
    size_t open = text.len;
    if (text.len < 4 || text.ptr[text.len - 1] != ')')
        return SV_NONE;
    while (open > 0 && text.ptr[open - 1] != '(')
        open--;
    struct sv digits = open > 0 && text.ptr[open] == '#' ? digits_at(text, open + 1) : SV_NONE;
    return open + 1 + digits.len + 1 == text.len ? digits : SV_NONE;
}

/* A title names issues as well: only what merges, or stands at its end, is a pull request. */
static struct sv
pull_of(struct sv lower, struct sv url, bool any)
{
    static const char *const merges[] = {"merge pull request #", "auto merge of #",
                                         "see merge request !"};
    static const char *const addresses[] = {"/pull/", "/merge_requests/", "/pulls/"};
    struct sv found = SV_NONE;
    for (size_t i = 0; i < 3 && found.len == 0; i++)
        found = number_behind(lower, sv_from(merges[i]));
    for (size_t i = 0; i < 3 && found.len == 0; i++)
        found = number_behind(url, sv_from(addresses[i]));
    for (size_t i = 0; i < 2 && found.len == 0 && any; i++)
        found = number_behind(lower, sv_from(addresses[i]));
    if (found.len == 0)
        found = number_at_end(lower);
    if (found.len == 0 && any && !sv_contains(lower, SV("incident #")))
        found = number_behind(lower, SV("#"));
    if (found.len == 0 && any)
        found = number_behind(lower, SV("pr "));
    return found.len == 0 && sv_starts(lower, SV("!")) ? digits_at(lower, 1) : found;
}

/* -------------------------------------------------------------------- hashes */

static void
add_hash(struct change_names *names, struct sv hash)
{
    for (size_t i = 0; i < names->hash_count; i++)
        if (sv_eq(names->hashes[i], hash))
            return;
    if (names->hash_count < CHANGE_HASHES_MAX)
        names->hashes[names->hash_count++] = hash;
}

/* A hash at this place: digits and letters both, or else it is a number or a word. */
static struct sv
hash_at(struct sv lower, size_t at)
{
    size_t hex = text_run(lower, at, "0123456789abcdef");
    size_t digits = text_run(lower, at, "0123456789"), letters = text_run(lower, at, "abcdef");
    bool fits = hex >= HASH_DIGITS_LEAST && hex <= HASH_DIGITS_MOST &&
                text_word_begins(lower, at) && text_word_ends(lower, at + hex) && digits < hex &&
                letters < hex;
    return fits ? sv_slice(lower, at, at + hex) : SV_NONE;
}

static void
add_hashes_in(struct change_names *names, struct sv lower)
{
    for (size_t i = 0; i < lower.len; i++)
        if (text_word_begins(lower, i)) {
            struct sv hash = hash_at(lower, i);
            if (hash.len > 0)
                add_hash(names, hash);
        }
}

/* A commit's text tells of other commits, unless it says that it deploys one. */
static void
find_hashes(struct arena *arena, const struct row *row, struct change_names *names)
{
    struct sv ref = text_lower(arena, row->ref);
    if (ref.len > 0 && hash_at(ref, 0).len == ref.len)
        add_hash(names, ref);
    if (names->stage == STAGE_DEPLOY || names->stage == STAGE_TALK ||
        sv_starts(row->lower, SV("deploy")))
        add_hashes_in(names, row->lower);
}

/* ------------------------------------------------------------------- version */

/* "v1.2", "1.2.3", "v1.2.3-rc.1" at this place. */
static struct sv
version_at(struct sv text, size_t at)
{
    bool named = text.ptr[at] == 'v' || text.ptr[at] == 'V';
    size_t end = at + named, dots = 0;
    for (;;) {
        size_t digits = text_run(text, end, "0123456789");
        if (digits == 0)
            return SV_NONE;
        end += digits;
        if (end + 1 >= text.len || text.ptr[end] != '.' ||
            text_run(text, end + 1, "0123456789") == 0)
            break;
        dots++;
        end++;
    }
    while (end < text.len && (text.ptr[end] == '-' || text.ptr[end] == '+') && end + 1 < text.len &&
           text_is_word_char(text.ptr[end + 1]))
        for (end++; end < text.len && (text_is_word_char(text.ptr[end]) ||
                                       (text.ptr[end] == '.' && !text_word_ends(text, end + 1)));)
            end++;
    return dots + named < 2 || !text_word_ends(text, end) ? SV_NONE : sv_slice(text, at, end);
}

/* The last version that a text names: "from v1.2 to v1.3" is about v1.3. */
static struct sv
version_in(struct sv text)
{
    struct sv found = SV_NONE;
    for (size_t i = 0; i < text.len; i++) {
        bool inside = !text_word_begins(text, i) || (i > 0 && text.ptr[i - 1] == '.');
        struct sv version = inside ? SV_NONE : version_at(text, i);
        if (version.len == 0)
            continue;
        found = version;
        i += version.len - 1;
    }
    return found;
}

/* A deployment's title may say no more than its state, and its description the version. */
static struct sv
version_of(const struct row *row)
{
    struct sv version = version_in(row->text);
    return version.len > 0 || row->record != RECORD_DEPLOY
               ? version
               : version_in(utf8_cut(row->observation->event.body, ROW_TEXT_MAX));
}

struct sv
version_number(struct sv version)
{
    bool named = version.len > 0 && (version.ptr[0] == 'v' || version.ptr[0] == 'V');
    return sv_slice(version, named, version.len);
}

/* ---------------------------------------------------------------- the others */

/* "https://HOST/OWNER/NAME/commit/...": NAME; else of its source, else its service. */
static struct sv
repository_of(struct arena *arena, const struct row *row)
{
    static const char *const parts[] = {"/-/",    "/commit/",  "/pull/",    "/actions/",
                                        "/tree/", "/compare/", "/releases/"};
    struct sv url = row->observation->event.url, source = row->source;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        size_t at = sv_find(url, sv_from(parts[i]));
        if (at != SIZE_MAX)
            return last_part(arena, sv_slice(url, 0, at));
    }
    if (row_is_change(row) && sv_starts(source, SV("git:")))
        return last_part(arena, sv_slice(source, 4, source.len));
    return last_part(arena, row->observation->event.service);
}

/* What stands before a number of a pull request, or behind the head line of a merge. */
static struct sv
subject_of(struct arena *arena, const struct row *row)
{
    struct sv text = row->text;
    if (sv_starts(text, SV("Merge pull request #"))) {
        struct sv rest = row->observation->event.body, line = SV_NONE;
        sv_split(&rest, '\n', &line);
        while (sv_split(&rest, '\n', &line) && sv_trim(line).len == 0)
            continue;
        text =
            sv_starts(line, SV("Merge pull request #")) ? SV_NONE : text_one_line(arena, line, 300);
    }
    struct sv number = number_at_end(text);
    return number.len == 0 ? text : sv_trim(sv_slice(text, 0, text.len - number.len - 3));
}

static struct sv
run_address(struct sv url)
{
    size_t end = 0;
    while (end < url.len && url.ptr[end] != '?' && url.ptr[end] != '#')
        end++;
    return sv_slice(url, 0, end);
}

static enum change_stage
stage_of(const struct row *row, struct sv version)
{
    const struct event *event = &row->observation->event;
    static const char *const words[] = {"deploy",   "releas", "rollout",
                                        "roll out", "promot", "ship"};
    if (sv_contains(event->format, SV("push")))
        return STAGE_COMMIT;
    if (row->record == RECORD_DEPLOY &&
        (sv_contains(event->format, SV("merge")) || sv_contains(event->format, SV("pull"))))
        return STAGE_MERGE;
    if (row->record != RECORD_DEPLOY)
        return row->record == RECORD_COMMIT  ? STAGE_COMMIT
               : row->record == RECORD_MERGE ? STAGE_MERGE
                                             : STAGE_TALK;
    if (event->environment.len > 0 || version.len > 0 || sv_contains(event->format, SV("deploy")) ||
        row_has_reason(row, SV("reverts")))
        return STAGE_DEPLOY;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (text_has_word_start(row->lower, sv_from(words[i])))
            return STAGE_DEPLOY;
    return STAGE_PIPELINE;
}

void
change_names_of(struct arena *arena, const struct row *row, struct change_names *ret_names)
{
    bool commits = row->record == RECORD_COMMIT || row->record == RECORD_MERGE;
    struct change_names names = {.takes_back = row_has_reason(row, SV("reverts"))};
    struct sv version = commits ? SV_NONE : version_of(row);
    struct sv url = row->observation->event.url;
    names.stage = stage_of(row, version);
    names.version = version;
    names.repository = row_is_change(row) ? repository_of(arena, row) : SV_NONE;
    names.pull = pull_of(row->lower, url, names.stage == STAGE_DEPLOY || names.stage == STAGE_TALK);
    find_hashes(arena, row, &names);
    if (names.stage == STAGE_DEPLOY || names.stage == STAGE_PIPELINE)
        names.run = run_address(url);
    if (row_is_change(row)) {
        names.subject = subject_of(arena, row);
        merged_branch(row->text, &names.owner, &names.branch);
    }
    *ret_names = names;
}

bool
merged_branch(struct sv text, struct sv *ret_owner, struct sv *ret_branch)
{
    for (size_t from = 0;;) {
        size_t at = sv_find(sv_slice(text, from, text.len), SV("from "));
        if (at == SIZE_MAX)
            return false;
        size_t begin = from + at + 5, end = begin;
        while (end < text.len &&
               (text_is_word_char(text.ptr[end]) || text.ptr[end] == '.' || text.ptr[end] == '-'))
            end++;
        size_t stop = end + 1;
        while (stop < text.len && text.ptr[stop] != ' ')
            stop++;
        if (end > begin && end < text.len && text.ptr[end] == '/' && stop > end + 1) {
            *ret_owner = sv_slice(text, begin, end);
            *ret_branch = sv_slice(text, end + 1, stop);
            return true;
        }
        from = begin;
    }
}

struct words
branch_words(struct arena *arena, struct sv branch)
{
    char *spaced = arena_strdup(arena, branch);
    for (char *c = spaced; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    return words_of(arena, sv_from(spaced));
}

size_t
branch_words_in(struct arena *arena, struct sv branch, const struct row *row)
{
    struct words words = branch_words(arena, branch);
    size_t common = 0;
    for (size_t i = 0; i < words.count; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || sv_eq(words.at[k], words.at[i]);
        common += !again && words_have(row->words, words.at[i]);
    }
    return common;
}
