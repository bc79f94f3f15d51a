/*
 * Reading `.lines` files: see format.h. Called on one thread while nobody decodes.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "ingest/decode/lines/format.h"
#include "ingest/parse/severity.h"

#define DEPTH_MAX 8         /* of patterns in patterns */
#define PATTERN_BYTES 16384 /* with all others in it */
#define PATTERNS_MAX 64     /* of [patterns] */
#define GROUPS_MAX 63

struct named {
    struct sv name, text;
};

struct reading {
    struct arena *arena;
    const char *file;
    struct strbuf *problems;
    size_t errors, errors_before; /* so far, and when the format began */
    size_t formats;
    int line; /* where the key that is read stands */
    struct line_format *format;
    bool in_patterns;
    line_format_take *take;
    void *own;
};

/* All files share them: a file may use those of the ones before. */
static struct named patterns[PATTERNS_MAX];
static size_t pattern_count;

static void
problem(struct reading *in, const char *text, struct sv what)
{
    strbuf_addf(in->problems, "%s:%d: %s: " SV_FMT "\n", in->file, in->line, text, SV_ARG(what));
    in->errors++;
}

/* ---- patterns ---- */

static struct sv
pattern_named(struct sv name)
{
    for (size_t i = pattern_count; i > 0; i--)
        if (sv_eq(patterns[i - 1].name, name))
            return patterns[i - 1].text;
    return SV_NONE;
}

/* `%{NAME}` and `%{NAME:group}` replaced. */
static void
expand(struct reading *in, struct sv text, int depth, struct strbuf *out)
{
    while (!sv_empty(text)) {
        size_t at = sv_find(text, SV("%{")), end;
        if (at == SIZE_MAX) {
            strbuf_add_sv(out, text);
            return;
        }
        struct sv rest = sv_slice(text, at + 2, text.len);
        end = sv_find_char(rest, '}');
        struct sv name = sv_slice(rest, 0, end == SIZE_MAX ? 0 : end), group = SV_NONE;
        size_t colon = sv_find_char(name, ':');
        if (colon != SIZE_MAX) {
            group = sv_slice(name, colon + 1, name.len);
            name = sv_slice(name, 0, colon);
        }
        struct sv inside = pattern_named(name);
        if (inside.ptr == NULL || depth == DEPTH_MAX) {
            problem(in, "no such pattern", name);
            return;
        }
        strbuf_add_sv(out, sv_slice(text, 0, at));
        strbuf_addf(out, group.ptr == NULL ? "(?:" : "(?<" SV_FMT ">", SV_ARG(group));
        expand(in, inside, depth + 1, out);
        strbuf_add_char(out, ')');
        text = sv_slice(rest, end + 1, rest.len);
    }
}

static const struct {
    const char *word;
    enum line_field field;
} fields[] = {
    {"time", LINE_TIME},   {"level", LINE_LEVEL},     {"message", LINE_MESSAGE},
    {"title", LINE_TITLE}, {"service", LINE_SERVICE}, {"host", LINE_HOST},
    {"actor", LINE_ACTOR}, {"trace_id", LINE_TRACE},  {"environment", LINE_ENVIRONMENT},
    {"url", LINE_URL},     {"ref", LINE_REF},         {"identity", LINE_IDENTITY},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static enum line_field
field_of(struct sv word)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (sv_eq(word, sv_from(fields[i].word)))
            return fields[i].field;
    return LINE_ATTRIBUTE;
}

/* The number of the name; -1 where there are too many. */
static int
name_number(struct reading *in, struct sv name)
{
    struct line_format *format = in->format;
    for (size_t i = 0; i < format->name_count; i++)
        if (sv_eq(format->names[i], name))
            return (int)i;
    if (format->name_count == LINE_NAMES_MAX) {
        problem(in, "more names of groups than the limit", name);
        return -1;
    }
    format->fields[format->name_count] = field_of(name);
    format->names[format->name_count] = arena_copy(in->arena, name);
    if (sv_eq(name, SV("status")))
        format->status = (int)format->name_count;
    return (int)format->name_count++;
}

static void
name_groups(struct reading *in, pcre2_code *code, struct line_pattern *pattern)
{
    uint32_t count = 0, size = 0, groups = 0;
    PCRE2_SPTR table = NULL;
    pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
    pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
    if (groups > GROUPS_MAX) {
        problem(in, "more groups than the limit", SV("63"));
        return;
    }
    pattern->name_of = arena_alloc(in->arena, groups + 1);
    memset(pattern->name_of, LINE_NO_NAME, groups + 1);
    for (uint32_t i = 0; table != NULL && i < count; i++, table += size) {
        int name = name_number(in, sv_from((const char *)table + 2));
        if (name >= 0)
            pattern->name_of[table[0] << 8 | table[1]] = (uint8_t)name;
    }
}

static void
add_pattern(struct reading *in, struct sv text, bool whole, struct line_pattern *list,
            size_t *count)
{
    struct strbuf whole_text;
    int error = 0;
    PCRE2_SIZE at = 0;
    if (*count == LINE_PATTERNS_MAX) {
        problem(in, "more patterns than the limit", text);
        return;
    }
    size_t errors = in->errors;
    strbuf_init(&whole_text, PATTERN_BYTES);
    expand(in, text, 0, &whole_text);
    if (whole_text.overflow)
        problem(in, "with all others in it a pattern is longer than 16384 bytes", SV("line"));
    if (in->errors > errors) {
        strbuf_release(&whole_text);
        return;
    }
    uint32_t options = PCRE2_DOTALL | PCRE2_DUPNAMES | PCRE2_NEVER_UTF;
    options |= whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0;
    if (whole)
        list[*count].text = arena_copy(in->arena, strbuf_view(&whole_text));
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)whole_text.ptr, whole_text.len, options, &error, &at, NULL);
    strbuf_release(&whole_text);
    if (code == NULL) {
        PCRE2_UCHAR why[128];
        pcre2_get_error_message(error, why, sizeof(why));
        problem(in, "not a pattern of PCRE2", sv_from((const char *)why));
        return;
    }
    (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it matching is slower */
    list[*count].code = code;
    name_groups(in, code, &list[*count]);
    (*count)++;
}

/* `also` or `also GROUP`: where it is looked for. */
static void
add_also(struct reading *in, struct sv group, struct sv value)
{
    struct line_format *format = in->format;
    int name = name_number(in, sv_empty(group) ? SV("message") : group);
    if (name >= 0 && !sv_empty(group))
        format->hidden[name] = true;
    if (name >= 0 && format->also_count < LINE_PATTERNS_MAX)
        format->also[format->also_count].within = name;
    add_pattern(in, value, false, format->also, &format->also_count);
}

/* ---- templates ---- */

static bool
add_piece(struct reading *in, struct line_template *template, struct line_piece piece)
{
    if (template->count == LINE_PIECES_MAX) {
        problem(in, "more pieces than the limit", piece.text);
        return false;
    }
    template->pieces[template->count++] = piece;
    return true;
}

/* "{method} {path}": groups that no pattern has are added to the names and never there. */
static void
read_template(struct reading *in, struct sv text, struct line_template *template)
{
    while (!sv_empty(text)) {
        size_t open = sv_find_char(text, '{');
        struct sv before = sv_slice(text, 0, open);
        if (!sv_empty(before) &&
            !add_piece(in, template, (struct line_piece){arena_copy(in->arena, before), -1}))
            return;
        if (open == SIZE_MAX)
            return;
        size_t close = sv_find_char(text, '}');
        if (close == SIZE_MAX || close < open) {
            problem(in, "a brace is not closed", text);
            return;
        }
        int name = name_number(in, sv_slice(text, open + 1, close));
        if (name < 0 || !add_piece(in, template, (struct line_piece){SV_NONE, name}))
            return;
        text = sv_slice(text, close + 1, text.len);
    }
}

static void
read_templates(struct reading *in, enum line_field field, struct sv value)
{
    struct sv part;
    struct line_template **next = &in->format->templates[field];
    while (*next != NULL)
        next = &(*next)->other;
    while (sv_split(&value, '|', &part)) {
        *next = ARENA_NEW(in->arena, struct line_template);
        read_template(in, sv_trim(part), *next);
        next = &(*next)->other;
    }
}

/* ---- words ---- */

static int
severity_named(struct reading *in, struct sv word)
{
    int severity = severity_word(word);
    if (severity == SEVERITY_UNSET && !sv_eq(word, SV("unset")))
        problem(in, "no severity has this name", word);
    return severity;
}

/* "#:warning *:notice" */
static void
read_levels(struct reading *in, struct sv value)
{
    struct line_format *format = in->format;
    struct sv one;
    size_t room = 1;
    for (size_t i = 0; i < value.len; i++)
        room += value.ptr[i] == ' ';
    format->words = ARENA_ARRAY(in->arena, struct line_word, room);
    while (sv_split(&value, ' ', &one)) {
        size_t colon = one.len;
        while (colon > 0 && one.ptr[colon - 1] != ':')
            colon--;
        if (sv_empty(one))
            continue;
        if (colon < 2) {
            problem(in, "a level is written WORD:SEVERITY", one);
            continue;
        }
        format->words[format->word_count++] =
            (struct line_word){arena_copy(in->arena, sv_slice(one, 0, colon - 1)),
                               severity_named(in, sv_slice(one, colon, one.len))};
    }
}

/* ---- keys and sections ---- */

static void
read_key(struct reading *in, struct sv key, struct sv value)
{
    struct line_format *format = in->format;
    int64_t number = 0;
    if (sv_eq(key, SV("about"))) {
        format->about = arena_strdup(in->arena, value);
    } else if (sv_eq(key, SV("see"))) {
        format->see = arena_strdup(in->arena, value);
    } else if (sv_eq(key, SV("first"))) {
        if (sv_empty(value))
            problem(in, "no byte is named", key);
        format->first = arena_strdup(in->arena, value);
    } else if (sv_eq(key, SV("bid"))) {
        if (!sv_to_int64(value, &number) || number < 1 || number > 99)
            problem(in, "a bid is 1 to 99", value);
        format->bid = (int)number;
    } else if (sv_eq(key, SV("inner"))) {
        format->inner = sv_eq(value, SV("yes"));
        if (!format->inner && !sv_eq(value, SV("no")))
            problem(in, "yes or no", value);
    } else if (sv_eq(key, SV("severity"))) {
        format->severity = severity_named(in, value);
    } else if (sv_eq(key, SV("levels"))) {
        read_levels(in, value);
    } else if (sv_eq(key, SV("line"))) {
        add_pattern(in, value, true, format->lines, &format->line_count);
    } else if (sv_eq(key, SV("none"))) {
        add_pattern(in, value, true, format->none, &format->none_count);
    } else if (sv_starts(key, SV("also"))) {
        add_also(in, sv_trim(sv_slice(key, 4, key.len)), value);
    } else if (field_of(key) != LINE_ATTRIBUTE) {
        read_templates(in, field_of(key), value);
    } else {
        problem(in, "unknown key", key);
    }
}

static void
take_key(struct reading *in, struct sv text)
{
    size_t equals = sv_find_char(text, '=');
    if (equals == SIZE_MAX) {
        problem(in, "neither a section nor `key = value`", text);
        return;
    }
    struct sv key = sv_trim(sv_slice(text, 0, equals));
    struct sv value = sv_trim(sv_slice(text, equals + 1, text.len));
    if (in->in_patterns && pattern_count < PATTERNS_MAX)
        patterns[pattern_count++] =
            (struct named){arena_copy(in->arena, key), arena_copy(in->arena, value)};
    else if (in->in_patterns || in->format == NULL)
        problem(in, in->in_patterns ? "more patterns than the limit" : "before any section", key);
    else
        read_key(in, key, value);
}

static void
end_format(struct reading *in)
{
    struct line_format *format = in->format;
    if (format == NULL)
        return;
    in->line = format->line;
    if ((format->bid == 0 || format->line_count == 0) && in->errors == in->errors_before)
        problem(in, "bid and line are needed", sv_from(format->name));
    for (struct line_template *one = format->templates[LINE_TIME]; one != NULL; one = one->other)
        for (size_t i = 0; i < one->count; i++)
            if (one->pieces[i].name >= 0)
                format->hidden[one->pieces[i].name] = true;
    if (in->errors == 0)
        in->take(format, in->own);
    in->format = NULL;
}

/* What `ingest.format` and a header name it by. */
static bool
is_name(struct sv name)
{
    bool fine = name.len > 0 && name.len <= LINE_FORMAT_NAME_MAX && name.ptr[0] >= 'a' &&
                name.ptr[0] <= 'z';
    for (size_t i = 0; i < name.len && fine; i++)
        fine = (name.ptr[i] >= 'a' && name.ptr[i] <= 'z') ||
               (name.ptr[i] >= '0' && name.ptr[i] <= '9') || name.ptr[i] == '_';
    return fine;
}

static void
begin_section(struct reading *in, struct sv name)
{
    int line = in->line;
    end_format(in);
    in->line = line;
    in->in_patterns = sv_eq(name, SV("patterns"));
    in->errors_before = in->errors;
    if (in->in_patterns)
        return;
    if (!is_name(name))
        problem(in, "a format is named by at most 49 of a-z, 0-9 and _, a letter first", name);
    if (in->formats++ == LINE_FORMATS_MAX)
        problem(in, "more formats in a file than the limit", SV("200"));
    in->format = ARENA_NEW(in->arena, struct line_format);
    in->format->name = arena_strdup(in->arena, name);
    in->format->about = in->format->name;
    in->format->see = "docs/formats.md";
    in->format->status = -1;
    in->format->file = in->file;
    in->format->line = in->line;
}

bool
line_formats_read(struct arena *arena, const char *file, struct sv text, struct strbuf *problems,
                  line_format_take *take, void *own)
{
    struct reading in = {
        .arena = arena, .file = file, .problems = problems, .take = take, .own = own};
    struct strbuf key;
    struct sv line;
    int number = 0;
    strbuf_init(&key, PATTERN_BYTES);
    do {
        bool more = sv_split(&text, '\n', &line);
        number++;
        bool continues = more && !sv_empty(line) && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
        line = more ? sv_trim(line) : SV_NONE;
        if (continues) {
            strbuf_add_sv(&key, line);
            continue;
        }
        if (key.overflow)
            problem(&in, "a value is longer than the limit", SV("16384 bytes"));
        else if (key.len > 0)
            take_key(&in, strbuf_view(&key));
        strbuf_clear(&key);
        in.line = number;
        if (sv_starts(line, SV("[")) && sv_ends(line, SV("]")))
            begin_section(&in, sv_slice(line, 1, line.len - 1));
        else if (!sv_empty(line) && line.ptr[0] != '#')
            strbuf_add_sv(&key, line);
    } while (line.ptr != NULL);
    end_format(&in);
    strbuf_release(&key);
    return in.errors == 0;
}

static void
release(const struct line_pattern *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pcre2_code_free(list[i].code);
}

void
line_format_release(const struct line_format *format)
{
    release(format->lines, format->line_count);
    release(format->also, format->also_count);
    release(format->none, format->none_count);
}

size_t
line_patterns_known(void)
{
    return pattern_count;
}

void
line_patterns_forget(size_t known)
{
    if (pattern_count > known)
        pattern_count = known;
}
