/*
 * Severity tables: see severity.h. Pure functions.
 */
#include "ingest/parse/severity.h"

#define WORD(word, severity)                                                                       \
    {                                                                                              \
        word, sizeof(word) - 1, severity, false                                                    \
    }
#define QUIET(word, severity)                                                                      \
    {                                                                                              \
        word, sizeof(word) - 1, severity, true                                                     \
    }

/* The usual ones first. */
static const struct level_word {
    const char *word;
    size_t len;
    int severity;
    bool quiet; /* as words of sentences are written */
} words[] = {
    WORD("info", 9),
    WORD("error", 17),
    WORD("warn", 13),
    WORD("warning", 13),
    WORD("debug", 5),
    WORD("err", 17),
    WORD("notice", 10),
    WORD("trace", 1),
    WORD("critical", 21),
    WORD("fatal", 21),
    WORD("emergency", 24),
    WORD("emerg", 24),
    WORD("panic", 24),
    WORD("alert", 23),
    WORD("disaster", 22),
    WORD("page", 21),
    WORD("crit", 21),
    WORD("dpanic", 21),
    WORD("f", 21),
    WORD("p1", 21),
    WORD("p0", 21),
    WORD("sev0", 21),
    WORD("sev1", 21),
    WORD("sev-0", 21),
    WORD("sev-1", 21),
    WORD("s1", 21),
    WORD("blocker", 21),
    WORD("eror", 17),
    WORD("e", 17),
    WORD("high", 17),
    WORD("major", 17),
    WORD("severe", 17),
    WORD("p2", 17),
    WORD("sev2", 17),
    WORD("sev-2", 17),
    WORD("s2", 17),
    WORD("w", 13),
    WORD("medium", 13),
    WORD("minor", 13),
    WORD("ticket", 13),
    WORD("average", 13),
    WORD("p3", 13),
    WORD("sev3", 13),
    WORD("sev-3", 13),
    WORD("s3", 13),
    WORD("i", 9),
    WORD("information", 9),
    WORD("log", 9),
    WORD("informational", 9),
    WORD("low", 9),
    WORD("p4", 9),
    WORD("sev4", 9),
    WORD("sev-4", 9),
    WORD("s4", 9),
    WORD("d", 5),
    WORD("p5", 5),
    WORD("verbose", 5),
    WORD("v", 5),
    WORD("fine", 5),
    WORD("dbug", 5),
    WORD("finest", 1),
    WORD("finer", 1),
    WORD("config", 9),
    WORD("note", 9),
    WORD("success", 9),
    WORD("audit", 10),
    WORD("debug1", 5),
    WORD("debug2", 5),
    WORD("debug3", 5),
    WORD("debug4", 5),
    WORD("debug5", 5),
    WORD("inf", 9),
    WORD("wrn", 13),
    WORD("dbg", 5),
    WORD("trc", 1),
    WORD("ftl", 21),
    /* as translated by log4j's and PostgreSQL's catalogues */
    WORD("fehler", 17),
    WORD("warnung", 13),
    WORD("hinweis", 10),
    WORD("schwerwiegend", 17),
    WORD("erreur", 17),
    WORD("avertissement", 13),
    WORD("grave", 17),
    WORD("infos", 9),
    WORD("advertencia", 13),
    WORD("errore", 17),
    WORD("avviso", 13),
    WORD("erro", 17),
    WORD("kritisch", 21),
    WORD("informationen", 9),
    WORD("panik", 24),
    WORD("critique", 21),
    WORD("attention", 13),
    WORD("critico", 21),
    WORD("informacion", 9),
    WORD("aviso", 13),
    WORD("attenzione", 13),
    WORD("avvertenza", 13),
    WORD("informazione", 9),
    WORD("fatale", 21),
    WORD("waarschuwing", 13),
    WORD("fout", 17),
    WORD("hata", 17),
    WORD("uyari", 13),
};

/* Words with letters beyond ASCII, whose case is not folded: as catalogues of PostgreSQL, Java and
 * Windows write them. */
static const struct level_word translated[] = {
    QUIET("паника", 24),
    QUIET("Паника", 24),
    WORD("ПАНИКА", 24),
    QUIET("pánico", 24),
    QUIET("Pánico", 24),
    WORD("PÁNICO", 24),
    QUIET("pânico", 24),
    QUIET("Pânico", 24),
    WORD("PÂNICO", 24),
    QUIET("критический", 21),
    QUIET("Критический", 21),
    WORD("КРИТИЧЕСКИЙ", 21),
    QUIET("критическая", 21),
    QUIET("Критическая", 21),
    WORD("КРИТИЧЕСКАЯ", 21),
    QUIET("критично", 21),
    QUIET("Критично", 21),
    WORD("КРИТИЧНО", 21),
    QUIET("важно", 21),
    QUIET("Важно", 21),
    WORD("ВАЖНО", 21),
    QUIET("фатально", 21),
    QUIET("Фатально", 21),
    WORD("ФАТАЛЬНО", 21),
    WORD("致命", 21),
    WORD("致命错误", 21),
    WORD("致命的", 21),
    WORD("紧急", 21),
    WORD("緊急", 21),
    WORD("危急", 21),
    QUIET("crítico", 21),
    QUIET("Crítico", 21),
    WORD("CRÍTICO", 21),
    QUIET("crítica", 21),
    QUIET("Crítica", 21),
    WORD("CRÍTICA", 21),
    WORD("치명적", 21),
    QUIET("kritický", 21),
    QUIET("Kritický", 21),
    WORD("KRITICKÝ", 21),
    QUIET("ошибка", 17),
    QUIET("Ошибка", 17),
    WORD("ОШИБКА", 17),
    WORD("错误", 17),
    WORD("錯誤", 17),
    WORD("严重", 17),
    WORD("嚴重", 17),
    WORD("エラー", 17),
    WORD("重大", 17),
    WORD("오류", 17),
    WORD("심각", 17),
    QUIET("błąd", 17),
    QUIET("Błąd", 17),
    WORD("BŁĄD", 17),
    QUIET("σφάλμα", 17),
    QUIET("Σφάλμα", 17),
    WORD("ΣΦΆΛΜΑ", 17),
    QUIET("предупреждение", 13),
    QUIET("Предупреждение", 13),
    WORD("ПРЕДУПРЕЖДЕНИЕ", 13),
    QUIET("внимание", 13),
    QUIET("Внимание", 13),
    WORD("ВНИМАНИЕ", 13),
    WORD("警告", 13),
    WORD("경고", 13),
    QUIET("ostrzeżenie", 13),
    QUIET("Ostrzeżenie", 13),
    WORD("OSTRZEŻENIE", 13),
    QUIET("upozornění", 13),
    QUIET("Upozornění", 13),
    WORD("UPOZORNĚNÍ", 13),
    QUIET("varování", 13),
    QUIET("Varování", 13),
    WORD("VAROVÁNÍ", 13),
    QUIET("atenção", 13),
    QUIET("Atenção", 13),
    WORD("ATENÇÃO", 13),
    QUIET("atención", 13),
    QUIET("Atención", 13),
    WORD("ATENCIÓN", 13),
    QUIET("προειδοποίηση", 13),
    QUIET("Προειδοποίηση", 13),
    WORD("ΠΡΟΕΙΔΟΠΟΊΗΣΗ", 13),
    QUIET("замечание", 10),
    QUIET("Замечание", 10),
    WORD("ЗАМЕЧАНИЕ", 10),
    QUIET("уведомление", 10),
    QUIET("Уведомление", 10),
    WORD("УВЕДОМЛЕНИЕ", 10),
    WORD("注意", 10),
    WORD("通知", 10),
    QUIET("информация", 9),
    QUIET("Информация", 9),
    WORD("ИНФОРМАЦИЯ", 9),
    QUIET("инфо", 9),
    QUIET("Инфо", 9),
    WORD("ИНФО", 9),
    QUIET("сообщение", 9),
    QUIET("Сообщение", 9),
    WORD("СООБЩЕНИЕ", 9),
    WORD("信息", 9),
    WORD("資訊", 9),
    WORD("情報", 9),
    WORD("日志", 9),
    WORD("ログ", 9),
    WORD("정보", 9),
    QUIET("información", 9),
    QUIET("Información", 9),
    WORD("INFORMACIÓN", 9),
    QUIET("informação", 9),
    QUIET("Informação", 9),
    WORD("INFORMAÇÃO", 9),
    QUIET("отладка", 5),
    QUIET("Отладка", 5),
    WORD("ОТЛАДКА", 5),
    WORD("调试", 5),
    WORD("デバッグ", 5),
    WORD("디버그", 5),
    QUIET("depuración", 5),
    QUIET("Depuración", 5),
    WORD("DEPURACIÓN", 5),
    QUIET("depuração", 5),
    QUIET("Depuração", 5),
    WORD("DEPURAÇÃO", 5),
    QUIET("débogage", 5),
    QUIET("Débogage", 5),
    WORD("DÉBOGAGE", 5),
};

/* `text` in either case; `word` in lower case, of the same length. */
static inline bool
same_word(const char *text, const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool letter = word[i] >= 'a' && word[i] <= 'z';
        if (text[i] != word[i] && (!letter || (text[i] | 0x20) != word[i]))
            return false;
    }
    return true;
}

int
severity_translated(struct sv word, bool *ret_quiet)
{
    for (size_t i = 0; i < sizeof(translated) / sizeof(translated[0]); i++)
        if (translated[i].len == word.len && same_word(word.ptr, translated[i].word, word.len)) {
            *ret_quiet = translated[i].quiet;
            return translated[i].severity;
        }
    return SEVERITY_UNSET;
}

static bool
is_ascii(struct sv word)
{
    unsigned char all = 0;
    for (size_t i = 0; i < word.len; i++)
        all |= (unsigned char)word.ptr[i];
    return all < 0x80;
}

int
severity_word(struct sv word)
{
    word = sv_trim(word);
    if (sv_empty(word))
        return SEVERITY_UNSET;
    char first = (char)(word.ptr[0] | 0x20); /* lower case, if it is a letter */
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i].len == word.len && words[i].word[0] == first &&
            same_word(word.ptr, words[i].word, word.len))
            return words[i].severity;
    bool quiet;
    return is_ascii(word) ? SEVERITY_UNSET : severity_translated(word, &quiet);
}

static bool
alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* 1 is the worst. */
static int
severity_rank(struct sv digit)
{
    static const int ranks[] = {21, 21, 17, 13, 9, 5};
    bool known = digit.len == 1 && digit.ptr[0] >= '0' && digit.ptr[0] <= '5';
    return known ? ranks[digit.ptr[0] - '0'] : SEVERITY_UNSET;
}

/* True if a number behind this word counts from the worst. */
static bool
names_rank(struct sv word)
{
    static const struct sv names[] = {{"sev", 3},  {"severity", 8}, {"p", 1},    {"s", 1},
                                      {"prio", 4}, {"priority", 8}, {"level", 5}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (sv_eq_nocase(word, names[i]))
            return true;
    return false;
}

int
severity_label(struct sv text)
{
    text = sv_trim(text);
    int severity = severity_word(text);
    struct sv before = SV_NONE;
    if (severity == SEVERITY_UNSET)
        severity = severity_rank(text);
    for (size_t at = 0; at < text.len && at < 64 && severity == SEVERITY_UNSET;) {
        size_t end = at;
        while (end < text.len && alphanumeric(text.ptr[end]))
            end++;
        struct sv word = sv_slice(text, at, end);
        bool denied = sv_eq_nocase(before, SV("non")) || sv_eq_nocase(before, SV("not"));
        if (names_rank(before))
            severity = severity_rank(word);
        if (severity == SEVERITY_UNSET && word.len >= 2 && !denied)
            severity = severity_word(word);
        before = sv_empty(word) ? before : word;
        at = end + 1;
    }
    return severity;
}

int
severity_syslog(int64_t number)
{
    static const int levels[] = {24, 23, 21, 17, 13, 10, 9, 5};
    return number >= 0 && number <= 7 ? levels[number] : SEVERITY_UNSET;
}

int
severity_letter(char letter)
{
    static const struct {
        char letter;
        int severity;
    } letters[] = {{'I', 9},  {'D', 5}, {'E', 17}, {'W', 13}, {'V', 5},
                   {'F', 21}, {'T', 1}, {'N', 10}, {'C', 21}};
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
        if (letters[i].letter == letter)
            return letters[i].severity;
    return SEVERITY_UNSET;
}

int
severity_number(int64_t number)
{
    if (number >= 1000 && number <= 60000)
        return number >= 40000   ? 17
               : number >= 30000 ? 13
               : number >= 20000 ? 9
               : number >= 10000 ? 5
                                 : 1;
    if (number < 10 || number > 69)
        return SEVERITY_UNSET;
    static const int levels[] = {1, 5, 9, 13, 17, 21};
    return levels[number / 10 - 1];
}

int
severity_text(struct sv text)
{
    int64_t number = 0;
    if (sv_to_int64(text, &number))
        return severity_number(number);
    return severity_word(text);
}
