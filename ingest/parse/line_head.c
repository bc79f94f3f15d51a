/*
 * Heads of lines: see line_head.h. The tokens at the start of the line are read until a sentence
 * begins; the last time or level among them ends the head, together with what by its form belongs
 * to it behind: a thread, a logger that a sign closes. Pure functions.
 */
#include "ingest/parse/line_head.h"

#include "base/text/json_pairs.h"
#include "ingest/parse/chars.h"
#include "ingest/parse/head_layouts.h"
#include "ingest/parse/head_tokens.h"

#define TOKENS_MAX 20
#define WORDS_BEFORE_MAX 2  /* of a sentence before the first time or level */
#define WORDS_BETWEEN_MAX 1 /* between a time and a level: a name like any other */

struct tokens {
    struct head_token list[TOKENS_MAX];
    int count;
    int anchor; /* the last time or level; -1: none */
    int first;  /* the first one */
    struct sv line;
};

static bool
bracketed(struct sv line, const struct head_token *token)
{
    return token->text.ptr != line.ptr + token->from;
}

static bool
is_anchor(const struct head_token *token)
{
    return token->kind == HEAD_TIME || token->kind == HEAD_LEVEL;
}

/* "at 2026-03-01 10:00:00" tells of another moment than the line's own. */
static bool
leads_to_a_time(struct sv word)
{
    static const char *const words[] = {"at",      "on",      "since",    "until", "till", "from",
                                        "to",      "before",  "after",    "by",    "of",   "for",
                                        "in",      "expires", "is",       "was",   "than", "and",
                                        "between", "around",  "starting", "ending"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq_nocase(word, sv_from(words[i])))
            return true;
    return false;
}

/* A word is a name and not the beginning of a sentence where it looks like one and a sign stands
 * alone behind it ("FarmApplication  : "), or where colons part the columns (":root:"). */
static bool
in_column(const struct head_reader *reader, const struct head_token *before,
          const struct head_token *word)
{
    struct sv line = reader->line;
    if (reader->depth > 0 && word->to < line.len &&
        line.ptr[word->to] == reader->open[reader->depth - 1])
        return true;
    size_t at = word->to, blanks = 0;
    if (before != NULL && before->sign == ':' && !before->spaced && before->to + 1 == word->from)
        return at + 1 < line.len && line.ptr[at] == ':' && line.ptr[at + 1] != ' ';
    bool capital = false;
    for (size_t i = 1; i < word->text.len; i++)
        capital = capital || (word->text.ptr[i] >= 'A' && word->text.ptr[i] <= 'Z');
    for (; at < line.len && line.ptr[at] == ' '; at++)
        blanks++;
    return (capital || blanks > 1) && blanks > 0 && at + 1 < line.len &&
           (line.ptr[at] == ':' || line.ptr[at] == '-') && line.ptr[at + 1] == ' ';
}

/* True if the head may go on with this one. Counts the words of sentences. */
static bool
goes_on(const struct tokens *tokens, const struct head_token *next, struct head_reader *reader,
        int *words)
{
    if (next->kind == HEAD_END)
        return false;
    if (is_anchor(next))
        return tokens->first >= 0 || tokens->count == 0 || next->kind != HEAD_TIME ||
               tokens->list[tokens->count - 1].kind != HEAD_WORD ||
               !leads_to_a_time(tokens->list[tokens->count - 1].text);
    /* "chrome.exe - proxy:5070 close": a dash behind a name begins the message. */
    const struct head_token *last = tokens->count == 0 ? NULL : &tokens->list[tokens->count - 1];
    if (last != NULL && last->kind >= HEAD_NAME && reader->has_time && last->sign == '-' &&
        last->spaced && !last->dashes)
        return false;
    if (next->kind != HEAD_WORD)
        return true;
    (*words)++;
    reader->words++;
    if (reader->has_time && reader->has_level)
        return in_column(reader, last, next);
    return *words <= (tokens->first >= 0 ? WORDS_BETWEEN_MAX : WORDS_BEFORE_MAX);
}

/* A second level is a word of the message, but for one that a letter announced: "E, [..] ERROR". */
static bool
is_level_again(const struct tokens *tokens, const struct head_token *next)
{
    if (next->kind != HEAD_LEVEL)
        return false;
    for (int i = 0; i < tokens->count; i++)
        if (tokens->list[i].kind == HEAD_LEVEL)
            return !tokens->list[i].letter || next->letter;
    return false;
}

static void
read_tokens(struct sv line, const struct time_hints *hints, struct tokens *tokens)
{
    struct head_token start = {.kind = HEAD_END};
    struct head_reader reader = {.line = line, .hints = hints, .last = &start};
    int words = 0;
    tokens->line = line;
    tokens->count = 0;
    tokens->anchor = tokens->first = -1;
    while (reader.at < line.len && line.ptr[reader.at] == '#')
        reader.at++; /* WebLogic's "####<" */
    if (reader.at > 0 && (reader.at >= line.len || line.ptr[reader.at] != '<'))
        reader.at = 0;
    while (tokens->count < TOKENS_MAX) {
        struct head_token *next = &tokens->list[tokens->count];
        head_next(&reader, next);
        if (!goes_on(tokens, next, &reader, &words) || is_level_again(tokens, next))
            break;
        if (is_anchor(next)) {
            reader.has_time =
                reader.has_time || next->kind == HEAD_TIME || next->time.text.ptr != NULL;
            reader.has_level = reader.has_level || next->kind == HEAD_LEVEL;
            tokens->anchor = tokens->count;
            tokens->first = tokens->first < 0 ? tokens->count : tokens->first;
            words = 0;
        }
        tokens->count++;
        reader.at = next->to;
        reader.last = next;
    }
}

/* ---- what follows the last time or level ---- */

static bool
closes_head(const struct head_token *token)
{
    return (token->sign == ':' || token->sign == '-' || token->sign == '|') && !token->dashes;
}

/* "org.mortbay.log: ": of Java, and not a host. */
static bool
is_package(struct sv text)
{
    return sv_starts(text, SV("org.")) || sv_starts(text, SV("com.")) ||
           sv_starts(text, SV("net.")) || sv_starts(text, SV("io."));
}

/* "root:message" between colons without blanks, "root - message", "app : message", "c.a.Pay: ". */
static bool
closed_name(const struct head_token *before, const struct head_token *token)
{
    if (token->sign == '\0')
        return false;
    if (token->sign == '-' || token->sign == '|' || (token->sign == ':' && token->spaced))
        return true;
    return token->sign == ':' &&
           (token->class_name || token->kind == HEAD_POSITION || is_package(token->text) ||
            (before->sign == ':' && !before->spaced && before->to + 1 == token->from));
}

static bool
belongs(const struct tokens *tokens, int i)
{
    const struct head_token *token = &tokens->list[i], *before = token - 1;
    const struct head_token *next = i + 1 < tokens->count ? token + 1 : NULL;
    bool group_next = next != NULL && next->kind >= HEAD_PID && next->kind <= HEAD_GROUP &&
                      next->kind != HEAD_LOGGER;
    switch (token->kind) {
    case HEAD_PID:
    case HEAD_THREAD:
    case HEAD_GROUP:
    case HEAD_POSITION:
        return true;
    case HEAD_LOGGER:
        return token->class_name || token->closes || group_next || closed_name(before, token) ||
               bracketed(tokens->line, token);
    case HEAD_NUMBER:
        return token->closes || token->dashes || token->sign == '|' ||
               (next != NULL && next->kind != HEAD_WORD && next->kind != HEAD_NUMBER &&
                next->kind != HEAD_UPPER && before->kind != HEAD_NUMBER) ||
               (group_next);
    case HEAD_NAME:
        return token->closes || closed_name(before, token) ||
               (group_next && sv_contains(token->text, SV(".")));
    case HEAD_UPPER:
        return token->closes || closed_name(before, token) || (before->letter && group_next) ||
               (token->wide && (before->letter || before->wide));
    case HEAD_WORD:
        return token->closes || closed_name(before, token);
    case HEAD_END:
    case HEAD_TIME:
    case HEAD_LEVEL:
        break;
    }
    return false;
}

/* The last token of the head. */
static int
head_end(const struct tokens *tokens)
{
    int end = tokens->anchor;
    const struct head_token *anchor = &tokens->list[end];
    bool may_close = anchor->kind == HEAD_LEVEL;
    int groups = 0; /* one with words in it is a context; the next one is part of the message */
    while (end + 1 < tokens->count) {
        const struct head_token *last = &tokens->list[end], *next = last + 1;
        bool compact = last->sign == ':' && !last->spaced && last->to + 1 == next->from;
        bool named = last->kind == HEAD_LOGGER || last->kind == HEAD_NAME ||
                     last->kind == HEAD_UPPER || last->kind == HEAD_WORD ||
                     (last->kind >= HEAD_PID && last->kind <= HEAD_GROUP);
        if (closes_head(last) && !compact &&
            ((may_close && last == anchor && last->sign != '|' && last->spaced == false &&
              last->sign == ':') ||
             (last != anchor && named && last->sign != '|')))
            break;
        if (last != anchor && named && compact && last->kind != HEAD_PID)
            break;
        bool words = next->kind == HEAD_GROUP && next->text.ptr[-1] != '<' &&
                     (sv_contains(next->text, SV(" ")) || sv_eq(next->text, SV("-")));
        if (!belongs(tokens, end + 1) || (words && groups++ > 0))
            break;
        end++;
    }
    return end;
}

static const char *
name_of(const struct head_token *token)
{
    static const char *const names[HEAD_WORD + 1] = {
        [HEAD_PID] = "pid",       [HEAD_NUMBER] = "pid",        [HEAD_THREAD] = "thread",
        [HEAD_LOGGER] = "logger", [HEAD_POSITION] = "position",
    };
    return names[token->kind];
}

static void
take_anchor(const struct head_token *token, struct text_head *head)
{
    bool timed = token->kind == HEAD_TIME || token->time.text.ptr != NULL;
    if (timed && !head->has_time) {
        head->time = token->time;
        head->has_time = true;
    }
    if (token->kind == HEAD_LEVEL && (head->severity == 0 || head->severity_word.len == 1)) {
        head->severity = token->severity;
        head->severity_word = token->text;
    }
}

/* What belongs to no kind is kept as it stands. */
static void
take_parts(struct sv line, const struct tokens *tokens, int from, int end, struct text_head *head)
{
    size_t context = SIZE_MAX, context_end = 0;
    for (int i = from; i <= end; i++) {
        if (i == tokens->first && context != SIZE_MAX) {
            head_put_part(head, "prefix", sv_slice(line, context, context_end));
            context = SIZE_MAX;
        }
        const struct head_token *token = &tokens->list[i];
        const char *name = name_of(token);
        if (is_anchor(token)) {
            take_anchor(token, head);
            bool module = token->beside.ptr < token->text.ptr || token->letter;
            head_put_part(head, module ? "logger" : "process", token->beside);
            continue;
        }
        if (name == NULL && i > tokens->anchor && token->kind != HEAD_GROUP)
            name = (token->text.ptr[0] | 0x20) >= 'a' && (token->text.ptr[0] | 0x20) <= 'z'
                       ? "logger"
                       : NULL;
        if (token->kind == HEAD_NAME && !sv_empty(token->beside)) {
            head_put_part(head, "process", token->text);
            head_put_part(head, "pid", token->beside);
            continue;
        }
        /* Between a time and a level a name with dots may as well be a host. */
        if (token->kind == HEAD_LOGGER && i < tokens->anchor && !token->class_name &&
            !bracketed(line, token))
            name = NULL;
        if (name != NULL) {
            size_t before = head->part_count;
            head_put_part(head, name, token->text);
            if (head->part_count == before && token->kind == HEAD_NUMBER)
                head_put_part(head, "tid", token->text);
            if (head->part_count > before)
                continue;
        }
        context = context == SIZE_MAX ? token->from : context;
        context_end = token->to;
    }
    if (context != SIZE_MAX)
        head_put_part(head, "context", sv_slice(line, context, context_end));
}

static int
words_among(const struct tokens *tokens, int from, int to)
{
    int words = 0;
    for (int i = from; i < to; i++)
        words += tokens->list[i].kind == HEAD_WORD;
    return words;
}

static size_t
pass_signs(struct sv line, size_t at)
{
    for (; at < line.len; at++) {
        char c = line.ptr[at], next = at + 1 < line.len ? line.ptr[at + 1] : '\0';
        bool dash = c == '-' && (next == ' ' || next == '-');
        if (c == ' ' || c == '\t' || c == '|' || c == ':' || c == ',' || c == ';' || dash)
            continue;
        break;
    }
    return at;
}

/*
 * "17/06/09 20:10:40 INFO spark.SecurityManager: ", the layout of Hadoop and Spark: what is told by
 * a level and a class behind it is year, month and day.
 */
static void
settle_hadoop_date(const struct tokens *tokens, const struct time_hints *hints,
                   struct text_head *head)
{
    const struct head_token *list = tokens->list;
    struct sv text = head->time.text;
    char dated[24] = "20";
    struct read_time time;
    if (!head->has_time || head->time.source != TIME_SOURCE_ASSUMED_DATE || tokens->count < 3 ||
        list[1].kind != HEAD_LEVEL || list[2].kind != HEAD_LOGGER || text.len != 17 ||
        text.ptr[2] != '/' || text.ptr[8] != ' ')
        return;
    memcpy(dated + 2, text.ptr, text.len);
    if (!times_read_hinted(sv_of(dated, 2 + text.len), hints, &time))
        return;
    time.text = text;
    head->time = time;
}

/* "PHP Fatal error: Uncaught": words before a level that is none of a column are the message's. */
static size_t
sentence_before_level(const struct tokens *tokens)
{
    const struct head_token *level = &tokens->list[tokens->anchor];
    int from = tokens->anchor;
    char first = level->kind == HEAD_LEVEL && level->text.len > 1 ? level->text.ptr[1] : 'A';
    if (first < 'a' || first > 'z' || level->from != (size_t)(level->text.ptr - tokens->line.ptr))
        return SIZE_MAX;
    while (
        from > 0 &&
        (tokens->list[from - 1].kind == HEAD_WORD || tokens->list[from - 1].kind == HEAD_UPPER) &&
        tokens->list[from - 1].sign == '\0')
        from--;
    return from == tokens->anchor ? SIZE_MAX : tokens->list[from].from;
}

static void
take_head(struct sv line, const struct tokens *tokens, struct text_head *head)
{
    int end = head_end(tokens), from = 0;
    size_t at = tokens->list[end].to;
    const struct head_token *last = &tokens->list[end];
    bool logcat =
        end >= 2 && last->letter && last[-1].kind == HEAD_NUMBER && last[-2].kind == HEAD_NUMBER;
    if (logcat)
        at = head_behind_tag(line, at + 1, head);
    else if (end == tokens->anchor && last->kind == HEAD_LEVEL)
        at = head_behind_in(line, at + (at < line.len && line.ptr[at] == ' '), head);
    at = pass_signs(line, at);
    for (int i = 0; i < end && i < tokens->count; i++)
        if (tokens->list[i].closes && i >= tokens->anchor)
            at = at < tokens->list[i].to ? tokens->list[i].to : at;
    /* Brackets that were stepped into close behind the last token. */
    while (at < line.len && is_one_of(line.ptr[at], "])>"))
        at = pass_signs(line, at + 1);
    if (at >= line.len && end > tokens->anchor) { /* nothing is left: the last one is the message */
        take_parts(line, tokens, from, end - 1, head);
        head->message = last->kind == HEAD_GROUP || last->kind == HEAD_THREAD
                            ? last->text
                            : sv_slice(line, last->from, line.len);
        return;
    }
    size_t sentence = sentence_before_level(tokens);
    if (sentence < at)
        at = sentence;
    /* Words of a sentence before the time stay with the rest of it. */
    bool whole = words_among(tokens, 0, tokens->first) > 1;
    if (whole)
        take_anchor(&tokens->list[tokens->first], head);
    else
        take_parts(line, tokens, from, end, head);
    head->message = whole ? line : sv_slice(line, at, line.len);
}

void
text_read_head(struct sv line, const struct time_hints *hints, struct text_head *ret_head)
{
    struct text_head head = {.message = line};
    struct tokens tokens;
    if (!head_read_layout(line, hints, &head)) {
        read_tokens(line, hints, &tokens);
        if (tokens.anchor >= 0)
            take_head(line, &tokens, &head);
        settle_hadoop_date(&tokens, hints, &head);
    }
    *ret_head = head;
}

struct sv
text_head_json(struct arena *arena, const struct text_head *head)
{
    struct json_pair pairs[HEAD_PARTS_MAX];
    for (size_t i = 0; i < head->part_count; i++)
        pairs[i] = (struct json_pair){sv_from(head->parts[i].name), head->parts[i].value};
    return json_pairs(arena, pairs, head->part_count);
}
