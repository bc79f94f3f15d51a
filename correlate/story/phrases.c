/*
 * Phrase rules: see phrases.h. Called while a timeline is scored; the cost of a text is words times
 * phrases, both bounded.
 */
#include "correlate/story/phrases.h"

#include <assert.h>
#include <stdlib.h>

#define SLACK_WORDS 3 /* what ~ stands for, and how far a negation reaches */

/* ------------------------------------------------------------------ reading */

/* Bytes of the umlaut at this place (or of a letter with a diaeresis behind it), 0 where there is
 * none; what it is written as without one. */
static size_t
umlaut_at(struct sv text, size_t at, struct sv *ret_spelled)
{
    static const struct {
        struct sv letter, spelled;
    } umlauts[] = {
        {{"\xC3\xA4", 2}, {"ae", 2}},  {{"\xC3\xB6", 2}, {"oe", 2}},  {{"\xC3\xBC", 2}, {"ue", 2}},
        {{"\xC3\x84", 2}, {"ae", 2}},  {{"\xC3\x96", 2}, {"oe", 2}},  {{"\xC3\x9C", 2}, {"ue", 2}},
        {{"\xC3\x9F", 2}, {"ss", 2}},  {{"a\xCC\x88", 3}, {"ae", 2}}, {{"o\xCC\x88", 3}, {"oe", 2}},
        {{"u\xCC\x88", 3}, {"ue", 2}}, {{"A\xCC\x88", 3}, {"ae", 2}}, {{"O\xCC\x88", 3}, {"oe", 2}},
        {{"U\xCC\x88", 3}, {"ue", 2}}};
    bool may = at + 1 < text.len &&
               ((unsigned char)text.ptr[at] == 0xC3 || (unsigned char)text.ptr[at + 1] == 0xCC);
    for (size_t i = 0; may && i < sizeof(umlauts) / sizeof(umlauts[0]); i++)
        if (sv_starts(sv_slice(text, at, text.len), umlauts[i].letter)) {
            *ret_spelled = umlauts[i].spelled;
            return umlauts[i].letter.len;
        }
    return 0;
}

/* Umlauts as words_of() has them; what has none is not copied. */
static struct sv
spell_out(struct arena *arena, struct sv text)
{
    struct sv spelled;
    bool plain = true;
    for (size_t i = 0; i < text.len && plain; i++)
        plain = umlaut_at(text, i, &spelled) == 0;
    if (plain)
        return text;
    char *copy = arena_alloc(arena, text.len), *at = copy;
    for (size_t i = 0; i < text.len;) {
        size_t len = umlaut_at(text, i, &spelled);
        at = sv_put(at, len > 0 ? spelled : sv_slice(text, i, i + 1));
        i += len > 0 ? len : 1;
    }
    return sv_of(copy, (size_t)(at - copy));
}

static struct words
split_words(struct arena *arena, struct sv text)
{
    struct sv *at = ARENA_ARRAY(arena, struct sv, text.len / 2 + 1);
    size_t count = 0;
    struct sv part;
    while (sv_split(&text, ' ', &part))
        if (part.len > 0)
            at[count++] = spell_out(arena, part);
    return (struct words){at, count};
}

const struct words *
phrases_split(struct arena *arena, struct sv text, size_t *ret_count)
{
    struct words *phrases = ARENA_ARRAY(arena, struct words, text.len / 2 + 1);
    size_t count = 0;
    while (text.len > 0) {
        size_t end = sv_find(text, SV(" | "));
        struct sv phrase = end == SIZE_MAX ? text : sv_slice(text, 0, end);
        text = end == SIZE_MAX ? SV_NONE : sv_slice(text, end + 3, text.len);
        struct words words = split_words(arena, phrase);
        if (words.count > 0)
            phrases[count++] = words;
    }
    *ret_count = count;
    return phrases;
}

/* "2.5" as 250. */
static bool
read_hundredths(struct sv text, int32_t *ret_value)
{
    int64_t whole, fraction = 0;
    size_t point = sv_find_char(text, '.');
    if (!sv_to_int64(sv_slice(text, 0, point == SIZE_MAX ? text.len : point), &whole))
        return false;
    if (point != SIZE_MAX) {
        struct sv digits = sv_slice(text, point + 1, text.len);
        if (digits.len < 1 || digits.len > 2 || !sv_to_int64(digits, &fraction) || fraction < 0)
            return false;
        fraction *= digits.len == 1 ? 10 : 1;
    }
    if (whole < 0 || whole > 1000)
        return false;
    *ret_value = (int32_t)(whole * 100 + fraction);
    return true;
}

static bool
read_list(struct arena *arena, struct sv line, struct phrase_rules *rules)
{
    struct sv name;
    if (!sv_split(&line, '\t', &name))
        return false;
    if (sv_eq(name, SV("@language"))) {
        struct sv language = SV_NONE;
        bool named = sv_split(&line, '\t', &language) && sv_trim(language).len > 0;
        rules->language = sv_trim(language);
        rules->telling = split_words(arena, line);
        return named;
    }
    struct {
        struct sv name;
        struct phrase_rule *list;
    } phrases[] = {{SV("@routine"), &rules->routine},     {SV("@listing"), &rules->listing},
                   {SV("@tool"), &rules->tool},           {SV("@severity"), &rules->severity},
                   {SV("@impact"), &rules->impact},       {SV("@counted"), &rules->counted},
                   {SV("@harm"), &rules->harm},           {SV("@harmless"), &rules->harmless},
                   {SV("@room"), &rules->room},           {SV("@operations"), &rules->operations},
                   {SV("@aside"), &rules->aside},         {SV("@commits"), &rules->commits},
                   {SV("@confined"), &rules->confined},   {SV("@absent"), &rules->absent},
                   {SV("@customers"), &rules->customers}, {SV("@unsaid"), &rules->unsaid},
                   {SV("@supposed"), &rules->supposed},   {SV("@unproved"), &rules->unproved},
                   {SV("@bygone"), &rules->bygone},       {SV("@desk"), &rules->desk},
                   {SV("@mends"), &rules->mends},         {SV("@elsewhere"), &rules->elsewhere}};
    for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
        if (sv_eq(name, phrases[i].name)) {
            phrases[i].list->phrases = phrases_split(arena, line, &phrases[i].list->phrase_count);
            return true;
        }
    struct {
        struct sv name;
        struct words *list;
    } lists[] = {{SV("@stop"), &rules->stop},           {SV("@negation"), &rules->negation},
                 {SV("@intention"), &rules->intention}, {SV("@person"), &rules->person},
                 {SV("@status"), &rules->status},       {SV("@past"), &rules->past},
                 {SV("@progress"), &rules->progress},   {SV("@finished"), &rules->finished},
                 {SV("@meant"), &rules->meant},         {SV("@unmet"), &rules->unmet},
                 {SV("@undone"), &rules->undone},       {SV("@doubt"), &rules->doubt},
                 {SV("@itself"), &rules->itself},       {SV("@addressed"), &rules->addressed},
                 {SV("@look"), &rules->look},           {SV("@asks"), &rules->asks}};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        if (sv_eq(name, lists[i].name)) {
            *lists[i].list = split_words(arena, line);
            return true;
        }
    return false;
}

static bool
read_rule(struct arena *arena, struct sv line, struct phrase_rule *ret_rule)
{
    struct sv cells[5];
    for (size_t i = 0; i < 5; i++)
        if (!sv_split(&line, '\t', &cells[i]))
            return false;
    *ret_rule = (struct phrase_rule){
        .name = cells[0],
        .act = act_read(cells[1]),
        .unless_negated = sv_find_char(cells[3], 'n') != SIZE_MAX,
        .unless_intended = sv_find_char(cells[3], 'f') != SIZE_MAX,
        .command = sv_find_char(cells[3], 'c') != SIZE_MAX,
        .last = sv_find_char(cells[3], 'l') != SIZE_MAX,
        .settles = sv_find_char(cells[3], 's') != SIZE_MAX,
        .expected = sv_find_char(cells[3], 'e') != SIZE_MAX,
        .relapse = sv_find_char(cells[3], 'b') != SIZE_MAX,
        .ran = sv_find_char(cells[3], 'r') != SIZE_MAX,
    };
    ret_rule->phrases = phrases_split(arena, cells[4], &ret_rule->phrase_count);
    return ret_rule->act != ACT_NONE && ret_rule->name.len > 0 && ret_rule->phrase_count > 0 &&
           read_hundredths(cells[2], &ret_rule->weight);
}

int
phrase_rules_read(struct arena *arena, struct sv text, struct phrase_rules *ret_rules,
                  struct err *err)
{
    struct phrase_rules rules = {.text = text};
    struct phrase_rule *list = ARENA_ARRAY(arena, struct phrase_rule, PHRASE_RULES_MAX);
    struct sv line;
    for (int number = 1; sv_split(&text, '\n', &line); number++) {
        if (line.len > 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        if (sv_trim(line).len == 0 || line.ptr[0] == '#')
            continue;
        if (rules.count == PHRASE_RULES_MAX)
            return err_set(err, ERR_CONFIG, "phrase rules: more than %d rules", PHRASE_RULES_MAX);
        if (line.ptr[0] == '@') {
            if (!read_list(arena, line, &rules))
                return err_set(err, ERR_CONFIG, "phrase rules, line %d: unknown list", number);
        } else if (read_rule(arena, line, &list[rules.count])) {
            rules.count++;
        } else {
            return err_set(err, ERR_CONFIG,
                           "phrase rules, line %d: expected name, act, weight, flags, phrases",
                           number);
        }
    }
    if (rules.count == 0)
        return err_set(err, ERR_CONFIG, "phrase rules: no rule");
    rules.rules = list;
    *ret_rules = rules;
    return 0;
}

/* -------------------------------------------------------------------- words */

/* Length of what does not count at this place: a code block or a web address. */
static size_t
skip_length(struct sv text, size_t at)
{
    struct sv rest = sv_slice(text, at, text.len);
    if (sv_starts(rest, SV("```"))) {
        size_t end = sv_find(sv_slice(rest, 3, rest.len), SV("```"));
        return end == SIZE_MAX ? rest.len : end + 6;
    }
    if (!sv_starts(rest, SV("http://")) && !sv_starts(rest, SV("https://")))
        return 0;
    size_t len = 0;
    while (len < rest.len && (unsigned char)rest.ptr[len] > ' ')
        len++;
    return len;
}

/* Letters, digits and '_'. Symbols of U+0080..U+00BF, U+2000..U+2FFF and pictures are not letters.
 */
static bool
is_word_lead(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= 0xC3 && c != 0xE2 && c != 0xF0);
}

static size_t
char_length(unsigned char lead)
{
    return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/*
 * Words in their order; of too many the first and the last half, with a seam of blank words between
 * them that no phrase and no negation reaches across.
 */
struct word_list {
    struct sv *at;
    size_t seen;
};

#define HALF (TEXT_WORDS_MAX / 2)
#define SEAM (SLACK_WORDS + 1)

static void
push_word(struct word_list *list, struct sv word)
{
    if (word.len == 0)
        return;
    size_t at = list->seen < TEXT_WORDS_MAX ? list->seen : HALF + (list->seen - HALF) % HALF;
    list->at[at] = word;
    list->seen++;
}

static struct words
finish_words(struct arena *arena, struct word_list *list)
{
    if (list->seen <= TEXT_WORDS_MAX)
        return (struct words){list->at, list->seen};
    struct sv *both = ARENA_ARRAY(arena, struct sv, TEXT_WORDS_MAX + SEAM);
    size_t oldest = (list->seen - HALF) % HALF;
    memcpy(both, list->at, HALF * sizeof(*both));
    for (size_t i = 0; i < SEAM; i++)
        both[HALF + i] = SV("");
    for (size_t i = 0; i < HALF; i++)
        both[HALF + SEAM + i] = list->at[HALF + (oldest + i) % HALF];
    return (struct words){both, TEXT_WORDS_MAX + SEAM};
}

struct words
words_of(struct arena *arena, struct sv text)
{
    /* One blank more than bytes: each word keeps its own place in the copy. */
    char *copy = arena_alloc(arena, text.len + 1);
    size_t max = text.len / 2 + 1 < TEXT_WORDS_MAX ? text.len / 2 + 1 : TEXT_WORDS_MAX;
    struct word_list list = {.at = ARENA_ARRAY(arena, struct sv, max)};
    size_t used = 0, begin = 0;
    for (size_t i = 0; i < text.len;) {
        unsigned char c = (unsigned char)text.ptr[i];
        size_t skipped = c == '`' || c == 'h' ? skip_length(text, i) : 0;
        if (skipped == 0 && c == '\'') {
            i++;
            continue;
        }
        if (skipped == 0 && sv_starts(sv_slice(text, i, text.len), SV("\xE2\x80\x99"))) {
            i += 3;
            continue;
        }
        size_t len = char_length(c);
        struct sv spelled;
        size_t umlaut = skipped == 0 ? umlaut_at(text, i, &spelled) : 0;
        if (umlaut > 0) {
            used = (size_t)(sv_put(copy + used, spelled) - copy);
            i += umlaut;
            continue;
        }
        if (skipped == 0 && is_word_lead(c) && i + len <= text.len) {
            for (size_t k = 0; k < len; k++, i++)
                copy[used++] = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z'
                                   ? (char)(text.ptr[i] - 'A' + 'a')
                                   : text.ptr[i];
            continue;
        }
        push_word(&list, sv_of(copy + begin, used - begin));
        begin = used;
        i += skipped > 0 ? skipped : len;
    }
    push_word(&list, sv_of(copy + begin, used - begin));
    return finish_words(arena, &list);
}

bool
words_hold_title(struct words said, struct words title)
{
    if (title.count == 0 || (title.count == 1 && title.at[0].len < TITLE_WORD_LEAST))
        return false;
    for (size_t start = 0; start + title.count <= said.count; start++) {
        size_t i = 0;
        while (i < title.count && sv_eq(said.at[start + i], title.at[i]))
            i++;
        if (i == title.count)
            return true;
    }
    return false;
}

struct sv
text_unquoted(struct arena *arena, struct sv text)
{
    struct sv line;
    if (sv_find_char(text, '>') == SIZE_MAX)
        return text;
    char *copy = arena_alloc(arena, text.len + 1), *at = copy;
    while (sv_split(&text, '\n', &line)) {
        struct sv start = sv_trim(line);
        if (sv_starts(start, SV(">>>")))
            break;
        if (sv_starts(start, SV(">")))
            continue;
        at = sv_put(at, line);
        *at++ = '\n';
    }
    return sv_of(copy, (size_t)(at > copy ? at - copy - 1 : 0));
}

bool
words_have(struct words words, struct sv word)
{
    for (size_t i = 0; i < words.count; i++)
        if (sv_eq(words.at[i], word))
            return true;
    return false;
}

/* ----------------------------------------------------------------- matching */

/* "sev#": these letters and digits; "#": a word that begins with a digit. */
static bool
number_fits(struct sv letters, struct sv word)
{
    if (!sv_starts(word, letters) || word.len == letters.len)
        return false;
    size_t at = letters.len;
    while (at < word.len && word.ptr[at] >= '0' && word.ptr[at] <= '9')
        at++;
    return at > letters.len && (letters.len == 0 || at == word.len);
}

static bool
word_fits(struct sv pattern, struct sv word)
{
    if (pattern.ptr[pattern.len - 1] == '#')
        return number_fits(sv_slice(pattern, 0, pattern.len - 1), word);
    if (pattern.ptr[0] == '*' && pattern.len > 1)
        return sv_ends(word, sv_slice(pattern, 1, pattern.len));
    if (pattern.ptr[pattern.len - 1] == '*')
        return sv_starts(word, sv_slice(pattern, 0, pattern.len - 1));
    return sv_eq(pattern, word);
}

bool
word_among(struct words list, struct sv word)
{
    for (size_t i = 0; i < list.count; i++)
        if (word_fits(list.at[i], word))
            return true;
    return false;
}

size_t
phrase_end(struct words phrase, struct words words, size_t start)
{
    size_t position = start, slack = 0;
    for (size_t p = 0; p < phrase.count; p++) {
        if (sv_eq(phrase.at[p], SV("~"))) {
            slack += SLACK_WORDS;
            continue;
        }
        size_t skip = 0;
        while (skip <= slack && (position + skip >= words.count ||
                                 !word_fits(phrase.at[p], words.at[position + skip])))
            skip++;
        if (skip > slack)
            return SIZE_MAX;
        position += skip + 1;
        slack = 0;
    }
    return position;
}

/* A word of the list stands there that the phrase does not ask for: "back to normal" is no
 * intention. */
static bool
any_of(struct words words, size_t from, size_t to, struct words list, struct words phrase)
{
    for (size_t i = from; i < to; i++)
        if (words_have(list, words.at[i]) && !words_have(phrase, words.at[i]))
            return true;
    return false;
}

bool
phrase_rule_fits(const struct phrase_rules *rules, const struct phrase_rule *rule,
                 struct words words)
{
    for (size_t start = 0; start < words.count; start++)
        for (size_t p = 0; p < rule->phrase_count; p++) {
            const struct words phrase = rule->phrases[p];
            size_t end = phrase_end(phrase, words, start);
            if (end == SIZE_MAX)
                continue;
            size_t from = start > SLACK_WORDS ? start - SLACK_WORDS : 0;
            if (!(rule->unless_negated && any_of(words, from, end, rules->negation, phrase)) &&
                !(rule->unless_intended && any_of(words, from, end, rules->intention, phrase)))
                return true;
        }
    return false;
}

static int
heavier_first(const void *left, const void *right)
{
    const struct phrase_rule *a = *(const struct phrase_rule *const *)left;
    const struct phrase_rule *b = *(const struct phrase_rule *const *)right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a < b ? -1 : a > b;
}

size_t
phrase_acts(const struct phrase_rules *rules, struct words words,
            const struct phrase_rule **ret_found, size_t max)
{
    size_t count = 0;
    assert(max > 0);
    for (size_t r = 0; r < rules->count; r++) {
        const struct phrase_rule *rule = &rules->rules[r];
        size_t at = 0;
        while (at < count && ret_found[at]->act != rule->act)
            at++;
        if (rule->command || rule->ran || at == max ||
            (at < count && ret_found[at]->weight >= rule->weight))
            continue;
        if (!phrase_rule_fits(rules, rule, words))
            continue;
        ret_found[at] = rule;
        count += at == count;
    }
    qsort(ret_found, count, sizeof(*ret_found), heavier_first);
    return count;
}
