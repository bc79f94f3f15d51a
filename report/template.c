/*
 * Walking a template: see template.h. The same walk without a draft checks it, so whatever can be
 * wrong with a template is found before anything is read.
 */
#include "report/template.h"

#include <assert.h>
#include <string.h>

#include "base/embedded.h"
#include "report/section/fills.h"
#include "report/variables.h"

struct walk {
    const struct report_template *template;
    struct draft *draft; /* NULL: only looks */
    struct err *err;
    size_t line;       /* from 1 */
    struct sv section; /* of the last heading; absent: none yet */
    size_t first;      /* block behind that heading */
    bool titled;
    struct sv seen[TEMPLATE_SECTIONS_MAX];
    size_t seen_count;
    uint64_t filled; /* bits by fill */
};

static const struct {
    const char *id;
    void (*fill)(struct draft *draft);
} fills[] = {
#define FILL(name) {#name, fill_##name},
#include "report/section/fills.def"
#undef FILL
};

#define FILLS (sizeof(fills) / sizeof(fills[0]))
_Static_assert(FILLS <= 64, "filled has a bit for each");

/* CONFIG: "FILE:LINE: {what} '{text}'". */
static int
refuse(const struct walk *walk, const char *what, struct sv text)
{
    text = sv_slice(text, 0, 80);
    return err_set(walk->err, ERR_CONFIG, "%s:%zu: %s '" SV_FMT "'", walk->template->name,
                   walk->line, what, SV_ARG(text));
}

/* ---- a line of each kind ---- */

/* Begins the block and adds its words with what their variables stand for. */
static int
say(struct walk *walk, enum block_kind kind, struct sv words)
{
    struct sv rest = words, plain, name;
    struct document *document = walk->draft == NULL ? NULL : walk->draft->document;
    if (document != NULL)
        document_begin(document, kind);
    while (variable_next(&rest, &plain, &name)) {
        if (document != NULL && plain.len > 0)
            document_prose(document, plain);
        if (sv_empty(name))
            continue;
        if (!variable_exists(name)) {
            refuse(walk, "there is no variable", name);
            return err_hint(walk->err, "there are %s; {{ is a brace", variable_names());
        }
        if (document != NULL)
            variable_say(walk->draft, name);
    }
    return 0;
}

static bool
is_id(struct sv id)
{
    for (size_t i = 0; i < id.len; i++)
        if (id.ptr[i] == '\0' || strchr("abcdefghijklmnopqrstuvwxyz0123456789-", id.ptr[i]) == NULL)
            return false;
    return id.len > 0 && id.len <= TEMPLATE_ID_MAX;
}

static void
end_section(struct walk *walk)
{
    if (walk->draft != NULL && !sv_empty(walk->section))
        document_end_section(walk->draft->document, walk->first);
}

static int
take_heading(struct walk *walk, struct sv id, struct sv words)
{
    if (!is_id(id))
        return refuse(walk, "this is not an id of a section", id);
    for (size_t i = 0; i < walk->seen_count; i++)
        if (sv_eq(walk->seen[i], id))
            return refuse(walk, "there is a second section", id);
    if (walk->seen_count == TEMPLATE_SECTIONS_MAX)
        return refuse(walk, "there are too many sections from here on:", id);
    walk->seen[walk->seen_count++] = id;
    end_section(walk);
    walk->section = id;
    if (walk->draft != NULL)
        document_section(walk->draft->document, id);
    int status = say(walk, BLOCK_HEADING, words);
    if (walk->draft != NULL)
        walk->first = walk->draft->document->block_count;
    return status;
}

static int
take_fill(struct walk *walk, struct sv id, struct sv rest)
{
    size_t i = 0;
    if (!sv_empty(sv_trim(rest)))
        return refuse(walk, "a fill takes no text, not", rest);
    while (i < FILLS && !sv_eq(id, sv_from(fills[i].id)))
        i++;
    if (i == FILLS)
        return refuse(walk, "the program fills in no section", id);
    if ((walk->filled >> i & 1) != 0)
        return refuse(walk, "this is filled in twice:", id);
    walk->filled |= UINT64_C(1) << i;
    if (walk->draft == NULL)
        return 0;
    document_section(walk->draft->document, id);
    fills[i].fill(walk->draft);
    assert(!walk->draft->document->in_table); /* what it began it ended */
    document_section(walk->draft->document, walk->section);
    return 0;
}

/* A table for people: its head and a row that waits for them. */
static int
take_table(struct walk *walk, struct sv id, struct sv columns)
{
    (void)id;
    if (sv_empty(sv_trim(columns)))
        return refuse(walk, "a table needs columns, not", columns);
    if (walk->draft == NULL)
        return 0;
    struct document *document = walk->draft->document;
    document_begin_table(document, arena_copy(&document->arena, columns), false);
    document_row(document, true);
    document_cell(document);
    for (size_t i = 0; i < columns.len; i++)
        if (columns.ptr[i] == '|')
            document_cell(document);
    document_end_table(document);
    return 0;
}

static int
take_title(struct walk *walk, struct sv id, struct sv words)
{
    (void)id;
    if (walk->titled || !sv_empty(walk->section))
        return refuse(walk, "the title stands once, before all sections, not", words);
    walk->titled = true;
    return say(walk, BLOCK_TITLE, words);
}

static int
take_note(struct walk *walk, struct sv id, struct sv words)
{
    (void)id;
    return say(walk, BLOCK_NOTE, words);
}

static int
take_prompt(struct walk *walk, struct sv id, struct sv words)
{
    (void)id;
    return say(walk, BLOCK_PROMPT, words);
}

/* A prompt that has no object where nothing is listed: it is looked at, and left out. */
static int
take_mark(struct walk *walk, struct sv id, struct sv words)
{
    struct walk look = *walk;
    if (walk->draft != NULL && document_says_something(walk->draft->document, walk->first))
        return take_prompt(walk, id, words);
    look.draft = NULL;
    return take_prompt(&look, id, words);
}

static const struct {
    const char *kind;
    bool within; /* names the section that it stands in */
    int (*take)(struct walk *walk, struct sv id, struct sv rest);
} kinds[] = {
    {"title", false, take_title},  {"heading", false, take_heading}, {"note", true, take_note},
    {"prompt", true, take_prompt}, {"mark", true, take_mark},        {"table", true, take_table},
    {"fill", false, take_fill},
};

static int
take_line(struct walk *walk, struct sv line)
{
    struct sv rest = line, kind, id;
    if (sv_empty(sv_trim(line)) || line.ptr[0] == '#')
        return 0;
    if (!sv_split(&rest, '\t', &kind) || !sv_split(&rest, '\t', &id))
        return refuse(walk, "KIND, ID and TEXT stand between tabs, not", line);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!sv_eq(kind, sv_from(kinds[i].kind)))
            continue;
        bool here = sv_empty(walk->section) ? sv_eq(id, SV("title")) : sv_eq(id, walk->section);
        if (kinds[i].within && !here)
            return refuse(walk, "this does not stand in the section", id);
        if (!walk->titled && i > 0)
            return refuse(walk, "the title comes first, not", kind);
        return kinds[i].take(walk, id, rest);
    }
    return refuse(walk, "there is no such kind of line:", kind);
}

static int
walk_all(struct walk *walk)
{
    struct sv rest = walk->template->text, line;
    if (rest.len > TEMPLATE_BYTES_MAX)
        return err_set(walk->err, ERR_CONFIG, "%s: the template is larger than %u KiB",
                       walk->template->name, TEMPLATE_BYTES_MAX >> 10);
    while (sv_split(&rest, '\n', &line)) {
        walk->line++;
        if (sv_ends(line, SV("\r")))
            line = sv_slice(line, 0, line.len - 1);
        if (take_line(walk, line) != 0)
            return -1;
    }
    end_section(walk);
    return walk->titled ? 0
                        : err_set(walk->err, ERR_CONFIG, "%s:%zu: the template has no title",
                                  walk->template->name, walk->line);
}

int
template_fill(const struct report_template *template, struct draft *draft, struct err *err)
{
    struct walk walk = {.template = template, .draft = draft, .err = err};
    return walk_all(&walk);
}

int
report_template_check(const struct report_template *template, struct err *err)
{
    struct walk walk = {.template = template, .err = err};
    return walk_all(&walk);
}

/* ---- templates in the program ---- */

const char *const report_kind_names[REPORT_KINDS] = {
#define REPORT_DOCUMENT(name, about) #name,
#include "hindcast/report_documents.def"
#undef REPORT_DOCUMENT
};

static const char *const files[REPORT_KINDS] = {
#define REPORT_DOCUMENT(name, about) #name ".tsv",
#include "hindcast/report_documents.def"
#undef REPORT_DOCUMENT
};

enum report_kind
report_kind_find(const char *name)
{
    enum report_kind kind = 0;
    while (name != NULL && kind < REPORT_KINDS && strcmp(name, report_kind_names[kind]) != 0)
        kind++;
    return kind;
}

struct report_template
report_template_built_in(enum report_kind kind)
{
    const struct embedded_file *file = embedded_find(embedded_templates, files[kind]);
    assert(file != NULL); /* the program is built with it */
    return (struct report_template){files[kind], sv_of(file->text, file->size)};
}
