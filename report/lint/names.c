/*
 * People who are named: found where a document lists them (columns of who did what), looked for
 * where it tells what happened. See run.h.
 */
#include "report/lint/pattern.h"
#include "report/lint/run.h"

#define NAME_BYTES_MAX 60
#define NAME_WORDS_MAX 3

static bool
is_listed(struct sv words, struct sv word)
{
    struct sv one;
    while (sv_split(&words, '|', &one))
        if (sv_eq_nocase(sv_trim(one), word))
            return true;
    return false;
}

/* Letters with an apostrophe or a hyphen among them, the first one a capital and no other. */
static bool
is_name_word(struct sv word)
{
    bool letter = (word.ptr[0] >= 'A' && word.ptr[0] <= 'Z') || (word.ptr[0] & 0x80) != 0;
    bool capital = false;
    for (size_t i = 1; i < word.len; i++) {
        char c = word.ptr[i];
        bool upper = c >= 'A' && c <= 'Z';
        bool joined = word.ptr[i - 1] == '-' || word.ptr[i - 1] == '\'';
        capital = capital || (upper && !joined);
        letter =
            letter && (upper || (c >= 'a' && c <= 'z') || (c & 0x80) != 0 || c == '-' || c == '\'');
    }
    return letter && !capital && word.len >= 2;
}

static bool
is_name(const struct lint *lint, struct sv text)
{
    struct sv stop = rules_list(lint->rules, SV("name-words")), word;
    size_t words = 0;
    if (text.len == 0 || text.len > NAME_BYTES_MAX)
        return false;
    while (sv_split(&text, ' ', &word)) {
        if (word.len == 0 || words++ == NAME_WORDS_MAX || !is_name_word(word) ||
            is_listed(stop, word))
            return false;
    }
    return words > 0;
}

static void
add_name(struct lint *lint, struct sv name)
{
    for (size_t i = 0; i < lint->name_count; i++)
        if (sv_eq(lint->names[i], name))
            return;
    if (lint->name_count < NAMES_MAX)
        lint->names[lint->name_count++] = name;
}

/* "Owner: ...", "Authors: ..." of a line without a table. */
static bool
is_field(struct sv text)
{
    static const char *const fields[] = {
        "owner",       "author",      "assignee",           "reviewer", "attendee",
        "participant", "responder",   "incident commander", "scribe",   "lead",
        "dri",         "reported by", "written by"};
    while (text.len > 0 && strchr("*_ ", text.ptr[0]) != NULL)
        text = sv_slice(text, 1, text.len);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (sv_starts_nocase(text, sv_from(fields[i])) &&
            sv_find_char(sv_slice(text, 0, 40), ':') != SIZE_MAX)
            return true;
    return false;
}

/* "Jo Meyer, Sam (scribe)": each with the first name alone. */
static void
add_names(struct lint *lint, struct sv list)
{
    struct sv part;
    while (sv_split(&list, ',', &part)) {
        part = sv_trim(sv_slice(part, 0, sv_find_char(part, '(')));
        if (!is_name(lint, part))
            continue;
        add_name(lint, part);
        size_t blank = sv_find_char(part, ' ');
        if (blank != SIZE_MAX)
            add_name(lint, sv_slice(part, 0, blank));
    }
}

/* Columns of who did what, fields such as "Authors:", items of a list of people. */
void
names_find(struct lint *lint)
{
    const struct page *page = &lint->page;
    for (size_t i = 0; i < page->row_count; i++) {
        const struct page_row *row = &page->rows[i];
        const struct page_block *cell =
            row->head ? NULL : lint_cell_under(lint, row, "who|actor|person|responder|author");
        if (cell != NULL)
            add_names(lint, page_block_text(page, cell));
    }
    for (size_t i = 0; i < page->block_count; i++) {
        const struct page_block *block = &page->blocks[i];
        struct sv text = page_block_text(page, block);
        size_t colon = sv_find_char(text, ':');
        if (block->kind == PAGE_CELL || block->kind == PAGE_HEADING)
            continue;
        if (is_field(text))
            add_names(lint, sv_slice(text, colon + 1, text.len));
        else if (block->kind == PAGE_ITEM && block->section == SECTION_people)
            add_names(lint, sv_slice(text, 0, colon));
    }
}

static bool
tells(const struct lint *lint, const struct page_block *block)
{
    bool place = block->section == SECTION_people || block->section == SECTION_actions ||
                 block->section == SECTION_followup;
    if (block->kind == PAGE_CELL) {
        const struct page_row *row = &lint->page.rows[block->row];
        const struct page_block *who = lint_cell_under(
            lint, row, "who|actor|person|responder|author|owner|assignee|reviewer|name|verified");
        place = place || row->head || who == block;
    }
    return !place && !block->cited && !is_field(page_block_text(&lint->page, block));
}

int
check_name(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    static const char *const sources[] = {
        "\\b{{people}}\\b",
        "(?<![\\w.@/])@(?!(?:here|channel|everyone)\\b)[a-z][\\w.-]*\\w(?![/@\\w])"};
    int found = 0;
    for (size_t k = 0; k < 2 && found >= 0; k++) {
        struct pattern *pattern;
        if (k == 0 && lint->name_count == 0)
            continue;
        if (pattern_new(lint->rules, sv_from(sources[k]), lint->names, lint->name_count, &pattern,
                        err) != 0)
            return -1;
        for (size_t i = 0; i < lint->page.block_count && found >= 0; i++) {
            const struct plain *plain = &lint->plains[i];
            struct sv text = sv_of(plain->text, plain->len);
            size_t at = 0, from, to;
            if (plain->len == 0 || !tells(lint, &lint->page.blocks[i]))
                continue;
            while ((found = pattern_find(pattern, text, at, &from, &to, err)) > 0) {
                bool capital = k == 1 || text.ptr[from] < 'a' || text.ptr[from] > 'z';
                if (capital)
                    lint_add(lint, rule, plain->at[from], (size_t)plain->at[to - 1] + 1, NULL);
                at = to;
            }
        }
        pattern_free(pattern);
    }
    return found < 0 ? -1 : 0;
}
