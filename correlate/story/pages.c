/*
 * Who was paged: see pages.h. Called by the teller before names become people.
 */
#include "correlate/story/pages.h"

#include <jansson.h>

#include "base/embedded.h"
#include "base/text/utf8.h"
#include "correlate/run.h"
#include "correlate/story/page_words.h"
#include "correlate/story/spellings.h"
#include "correlate/story/told.h"

#define PAGE_PHRASES_MAX 64 /* of one kind */
#define UNLESS_WORDS 3      /* before a phrase */
#define NAME_TOKENS_MAX 2   /* of a name that nobody of the incident has */

/* ------------------------------------------------------------------- reading */

static struct page_phrases *
phrases_at(struct page_rules *rules, struct sv kind)
{
    return sv_eq(kind, SV("paged"))      ? &rules->paged
           : sv_eq(kind, SV("called"))   ? &rules->called
           : sv_eq(kind, SV("notified")) ? &rules->notified
                                         : NULL;
}

static struct words *
words_at(struct page_rules *rules, struct sv kind)
{
    return sv_eq(kind, SV("and"))      ? &rules->between
           : sv_eq(kind, SV("nobody")) ? &rules->nobody
           : sv_eq(kind, SV("unless")) ? &rules->unless
                                       : NULL;
}

/* Words between blanks: "&" is one. */
static struct words
list_of(struct arena *arena, struct sv text)
{
    struct sv *words = ARENA_ARRAY(arena, struct sv, text.len + 1), word;
    size_t count = 0;
    while (sv_split(&text, ' ', &word))
        if (word.len > 0)
            words[count++] = word;
    return (struct words){words, count};
}

static bool
read_phrases(struct arena *arena, struct sv text, struct page_phrases *phrases)
{
    struct words *all = ARENA_ARRAY(arena, struct words, PAGE_PHRASES_MAX + 1);
    size_t count = 0;
    while (text.len > 0) {
        size_t end = sv_find(text, SV(" | "));
        if (count == PAGE_PHRASES_MAX)
            return false;
        all[count++] = list_of(arena, end == SIZE_MAX ? text : sv_slice(text, 0, end));
        text = end == SIZE_MAX ? SV_NONE : sv_slice(text, end + 3, text.len);
    }
    *phrases = (struct page_phrases){all, count};
    return count > 0;
}

static bool
read_line(struct arena *arena, struct sv line, struct page_rules *rules)
{
    struct sv kind;
    if (!sv_split(&line, '\t', &kind) || line.len == 0)
        return false;
    struct page_phrases *phrases = phrases_at(rules, kind);
    if (phrases != NULL)
        return read_phrases(arena, line, phrases);
    struct words *words = words_at(rules, kind);
    if (words != NULL)
        *words = list_of(arena, line);
    return words != NULL;
}

int
page_rules_parse(struct arena *arena, struct sv text, struct page_rules *ret_rules, struct err *err)
{
    struct page_rules rules = {.between = {NULL, 0}};
    struct sv line;
    for (int number = 1; sv_split(&text, '\n', &line); number++)
        if (sv_trim(line).len > 0 && line.ptr[0] != '#' && !read_line(arena, line, &rules))
            return err_set(err, ERR_INTERNAL,
                           "pages, line %d: expected paged, called, notified, and, nobody or "
                           "unless, and phrases",
                           number);
    *ret_rules = rules;
    return 0;
}

int
page_rules_read(struct arena *arena, struct page_rules *ret_rules, struct err *err)
{
    const struct embedded_file *file = embedded_find(embedded_rules, "pages.tsv");
    if (file == NULL)
        return err_set(err, ERR_INTERNAL, "the rules of pages are not built in");
    return page_rules_parse(arena, sv_of(file->text, file->size), ret_rules, err);
}

/* --------------------------------------------------------------------- names */

struct finding {
    const struct story *story;
    const struct page_rules *rules;
    const struct people_list *list;
    const struct directory *directory;
    struct spellings spellings; /* of speakers and of whom tools page */
    const struct sv *known;     /* their names, by the number of a spelling */
    struct row *row;
    struct sv names[ROW_PAGES_MAX];
    size_t count;
    struct sv roles[ROW_ROLES_MAX], given[ROW_ROLES_MAX]; /* whom it gives them */
    size_t given_count;
};

/* A line: its tokens, and all their words with the token that each is of. */
struct page_line {
    struct page_token tokens[PAGE_TOKENS_MAX];
    size_t count;
    struct words words;
    const size_t *token_of;            /* by word */
    size_t first[PAGE_TOKENS_MAX + 1]; /* word of each token */
};

static void
add_name(struct finding *finding, struct sv name)
{
    for (size_t i = 0; i < finding->count; i++)
        if (sv_eq(finding->names[i], name))
            return;
    if (finding->count < ROW_PAGES_MAX && name.len > 0)
        finding->names[finding->count++] = name;
}

static bool
is_nobody(const struct finding *finding, struct sv name)
{
    struct words words = words_of(finding->story->scratch, name);
    for (size_t i = 0; i < words.count; i++)
        if (word_among(finding->rules->nobody, words.at[i]))
            return true;
    return words.count == 0;
}

/* A group is found by its account, else by its handle. */
static const struct directory_entry *
group_of(const struct finding *finding, struct sv name)
{
    struct sv system = directory_system(&finding->row->observation->event);
    const struct directory *directory = finding->directory;
    const struct directory_entry *found = directory_find(directory, system, name);
    for (size_t i = 0; found == NULL && i < directory->count; i++)
        if (directory->at[i].group && sv_eq(directory->at[i].system, system) &&
            sv_eq_nocase(directory->at[i].shown, name))
            found = &directory->at[i];
    return found != NULL && found->group ? found : NULL;
}

static bool
add_group(struct finding *finding, struct sv name)
{
    const struct directory_entry *group = group_of(finding, name);
    if (group == NULL)
        return false;
    for (size_t i = 0; i < group->member_count; i++) {
        const struct directory_entry *member =
            directory_find(finding->directory, group->system, group->members[i]);
        if (member == NULL || !member->tool)
            add_name(finding, member != NULL ? member->shown : group->members[i]);
    }
    return true;
}

/* ---------------------------------------------------------------- one name */

/* Somebody of the incident who is called so there: where the name ends, or `at`. */
static size_t
known_at(struct finding *finding, const struct page_line *line, size_t at)
{
    size_t end, first = line->first[at];
    size_t who = spellings_at(&finding->spellings, line->words, first, &end);
    if (who == NOBODY || end <= first || end > line->words.count)
        return at;
    size_t next = line->token_of[end - 1] + 1;
    if (line->first[next] != end)
        return at; /* a part of a word */
    add_name(finding, finding->known[who]);
    return next;
}

static bool
is_listed(const struct finding *finding, struct sv name)
{
    struct person_name person;
    person_name_read(finding->story->scratch, name, &person);
    const struct listed_person *listed = people_list_find(finding->list, &person);
    return listed != NULL && !listed->tool;
}

/* "Anna Kovar", "Anna": nobody of the incident is called so. Of the team's list, or where what
 * stands before it takes a name and it looks like one. */
static size_t
stranger_at(struct finding *finding, const struct page_line *line, size_t at, bool any)
{
    struct arena *arena = finding->story->scratch;
    for (size_t count = NAME_TOKENS_MAX; count > 0; count--) {
        struct sv name = line->tokens[at].name;
        if (at + count > line->count || line->tokens[at].comma || line->tokens[at].ends)
            count = 1;
        const struct page_token *last = &line->tokens[at + count - 1];
        bool capital = line->tokens[at].capital && last->capital;
        if (count > 1)
            name = arena_printf(arena, SV_FMT " " SV_FMT, SV_ARG(name), SV_ARG(last->name));
        bool before_nobody = !last->comma && !last->ends && at + count < line->count &&
                             is_nobody(finding, line->tokens[at + count].name);
        if (is_listed(finding, name) ||
            (any && capital && !before_nobody && !is_nobody(finding, name))) {
            add_name(finding, name);
            return at + count;
        }
    }
    return at;
}

/* Where the name ends that begins there; `at` where none does. */
static size_t
name_at(struct finding *finding, const struct page_line *line, size_t at, bool any)
{
    const struct page_token *token = &line->tokens[at];
    if (token->mention && add_group(finding, token->name))
        return at + 1;
    size_t end = known_at(finding, line, at);
    if (end > at)
        return end;
    if (token->mention || sv_find_char(token->name, '@') != SIZE_MAX) {
        if (is_nobody(finding, token->name))
            return at;
        add_name(finding, token->name);
        return at + 1;
    }
    return stranger_at(finding, line, at, any);
}

/* "@anna, @bo and Cleo": where the names end. */
static size_t
names_at(struct finding *finding, const struct page_line *line, size_t at, bool any)
{
    size_t end = at < line->count ? name_at(finding, line, at, any) : at;
    while (end > at && end < line->count && !line->tokens[end - 1].ends) {
        bool and = word_among(finding->rules->between, line->tokens[end].lower);
        size_t from = end + (and? 1 : 0);
        if (from >= line->count ||
            (!and&&!line->tokens[end - 1].comma && !line->tokens[end].mention))
            break;
        size_t next = name_at(finding, line, from, any);
        if (next == from)
            break;
        end = next;
    }
    return end;
}

/* ------------------------------------------------------------------- phrases */

/* Where the phrase ends that begins there, and the names that it pages; `at`: it does not. */
static size_t
phrase_at(struct finding *finding, const struct page_line *line, struct words phrase, size_t at,
          bool any)
{
    size_t end = at, count = finding->count;
    for (size_t i = 0; i < phrase.count; i++) {
        size_t next = end;
        if (sv_eq(phrase.at[i], SV("N")))
            next = names_at(finding, line, end, any);
        else if (end < line->count && sv_eq(line->tokens[end].lower, phrase.at[i]))
            next = end + 1;
        if (next == end) {
            finding->count = count;
            return at;
        }
        end = next;
    }
    return end;
}

static bool
is_not_done(const struct finding *finding, const struct page_line *line, size_t at)
{
    for (size_t i = at > UNLESS_WORDS ? at - UNLESS_WORDS : 0; i < at; i++)
        if (word_among(finding->rules->unless, line->tokens[i].lower))
            return true;
    return false;
}

static void
find_phrases(struct finding *finding, const struct page_line *line,
             const struct page_phrases *phrases, bool any)
{
    for (size_t at = 0; at < line->count; at++) {
        if (is_not_done(finding, line, at))
            continue;
        size_t end = at;
        for (size_t p = 0; p < phrases->count && end == at; p++)
            end = phrase_at(finding, line, phrases->at[p], at, any);
        at = end > at ? end - 1 : at;
    }
}

static void
read_words(struct arena *arena, struct page_line *line)
{
    size_t most = 0, count = 0;
    struct words of[PAGE_TOKENS_MAX];
    for (size_t i = 0; i < line->count; i++) {
        of[i] = words_of(arena, line->tokens[i].name);
        most += of[i].count;
    }
    struct sv *words = ARENA_ARRAY(arena, struct sv, most + 1);
    size_t *token_of = ARENA_ARRAY(arena, size_t, most + 1);
    for (size_t i = 0; i < line->count; i++) {
        line->first[i] = count;
        for (size_t w = 0; w < of[i].count; w++, count++) {
            words[count] = of[i].at[w];
            token_of[count] = i;
        }
    }
    line->first[line->count] = count;
    line->words = (struct words){words, count};
    line->token_of = token_of;
}

/* A word with which a phrase begins, to look no further at most texts. */
static bool
may_page(const struct row *row)
{
    static const char *const parts[] = {"pag",  "ping", "call",   "escalat", "phon",
                                        "loop", "pull", "bring",  "brought", "getting",
                                        "wok",  "wak",  "alert",  "alarmi",  "angeruf",
                                        "ruf",  "hol",  "inform", "notif",   "assign"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (sv_contains(row->lower, sv_from(parts[i])))
            return true;
    return false;
}

static void
read_text(struct finding *finding)
{
    struct arena *arena = finding->story->scratch;
    const struct row *row = finding->row;
    struct sv said = utf8_cut(observation_text(row->observation), ROW_TEXT_MAX), line;
    bool program = row->bot || (row->actor.len == 0 && row->record == RECORD_NOTE);
    if (!may_page(row))
        return;
    struct page_line *one = ARENA_NEW(arena, struct page_line);
    struct sv text = told_statements(arena, row->language, said);
    while (sv_split(&text, '\n', &line)) {
        one->count = page_tokens(arena, line, one->tokens);
        read_words(arena, one);
        find_phrases(finding, one, &finding->rules->paged, true);
        find_phrases(finding, one, &finding->rules->called, false);
        if (program)
            find_phrases(finding, one, &finding->rules->notified, true);
    }
}

/* ---------------------------------------------------------------------- rows */

static struct sv
text_of(struct arena *arena, const json_t *value)
{
    return json_is_string(value)
               ? arena_copy(arena, sv_of(json_string_value(value), json_string_length(value)))
               : SV("");
}

/* A list of names that a map made. */
static void
read_paged(struct finding *finding, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        add_name(finding, text_of(finding->story->scratch, json_array_get(list, i)));
}

/* A list of roles and names by turns. */
static void
read_given(struct finding *finding, const json_t *list)
{
    struct arena *arena = finding->story->scratch;
    size_t count = json_array_size(list) / 2;
    finding->given_count = count < ROW_ROLES_MAX ? count : ROW_ROLES_MAX;
    for (size_t i = 0; i < finding->given_count; i++) {
        finding->roles[i] = text_of(arena, json_array_get(list, 2 * i));
        finding->given[i] = text_of(arena, json_array_get(list, 2 * i + 1));
    }
}

/* The lists that a map made. */
static void
read_lists(struct finding *finding)
{
    struct sv attributes = finding->row->observation->event.attributes;
    finding->count = finding->given_count = 0;
    if (!sv_contains(attributes, SV("\"" EVENT_PAGED "\"")) &&
        !sv_contains(attributes, SV("\"" EVENT_ROLES "\"")))
        return;
    json_t *root = json_loadb(attributes.ptr, attributes.len, 0, NULL);
    read_paged(finding, json_object_get(root, EVENT_PAGED));
    read_given(finding, json_object_get(root, EVENT_ROLES));
    json_decref(root);
}

static bool
is_talk(const struct row *row)
{
    return row->record == RECORD_CHAT || row->record == RECORD_LINKED_MESSAGE ||
           row->record == RECORD_NOTE || row->record == RECORD_SAL ||
           row->record == RECORD_INCIDENT_EVENT;
}

static void
keep_names(struct finding *finding)
{
    struct arena *arena = finding->story->scratch;
    struct row *row = finding->row;
    size_t count = finding->count, given = finding->given_count;
    if (count + given == 0)
        return;
    struct sv *roles = ARENA_ARRAY(arena, struct sv, given + 1);
    row->pages = ARENA_ARRAY(arena, struct row_page, count + given);
    row->page_count = count;
    row->given_count = given;
    row->given = roles;
    for (size_t i = 0; i < count; i++)
        row->pages[i].written = finding->names[i];
    for (size_t i = 0; i < given; i++) {
        row->pages[count + i].written = finding->given[i];
        roles[i] = finding->roles[i];
    }
}

static bool
is_person(const struct row *row)
{
    return row->actor.len > 0 && !row->bot && row->observation->event.actor_type != ACTOR_SYSTEM;
}

/* Names that a text may mean without "@": of whoever speaks, and of whom tools paged. */
static void
know_names(struct finding *finding)
{
    const struct story *story = finding->story;
    struct counter seen;
    size_t count = 0, most = story->count;
    counter_init(&seen, story->scratch);
    for (size_t i = 0; i < story->count; i++)
        most += story->rows[i]->page_count;
    struct sv *known = ARENA_ARRAY(story->scratch, struct sv, most + 1);
    spellings_init(&finding->spellings, story->scratch, most);
    for (size_t i = 0; i < story->count; i++) {
        const struct row *row = story->rows[i];
        for (size_t k = 0; k <= row->page_count; k++) {
            struct sv name = k < row->page_count ? row->pages[k].written : row->actor;
            if ((k == row->page_count && !is_person(row)) || (*counter_at(&seen, name, 0))++ > 0)
                continue;
            spellings_add(&finding->spellings, name, count);
            known[count++] = name;
        }
    }
    spellings_sort(&finding->spellings);
    finding->known = known;
}

void
find_pages(struct story *story, const struct page_rules *rules, const struct people_list *list,
           const struct directory *directory)
{
    struct finding finding = {.story = story, .rules = rules, .list = list, .directory = directory};
    for (size_t i = 0; i < story->count; i++) {
        finding.row = story->rows[i];
        read_lists(&finding);
        keep_names(&finding);
    }
    know_names(&finding);
    for (size_t i = 0; i < story->count; i++) {
        finding.row = story->rows[i];
        finding.count = finding.given_count = 0;
        if (finding.row->pages != NULL || !is_talk(finding.row) || finding.row->deleted)
            continue;
        read_text(&finding);
        keep_names(&finding);
    }
}
