/*
 * What waits for people: prompts without an answer, sections that are not there. See run.h.
 */
#include "report/lint/line.h"
#include "report/lint/pattern.h"
#include "report/lint/run.h"

/* ---- prompts ---- */

/* TODO(human) with the question behind it; a place that a template left open. */
static const char prompt_pattern[] =
    "\\bTODO(?:\\(human\\))?:?|\\bTB[DC]\\b|\\bFIX(?:ME)\\b|\\{\\{[^{}]{1,80}\\}\\}|"
    "\\[(?:insert|enter|add|describe|your|fill in|name of)\\b[^\\]]{0,80}\\](?!\\()";
/* "<your name here>" is a tag to Markdown: looked for in the text itself. */
static const char open_pattern[] = "<(?:insert|enter|add|describe|your|fill "
                                   "in|name|date|time|owner|team|service)\\b[^<>:/=]{0,80}>";

static int
find_in(struct lint *lint, const struct lint_rule *rule, const struct pattern *pattern,
        const struct page_block *block, struct err *err)
{
    struct sv text = page_block_text(&lint->page, block);
    size_t at = 0, from, to;
    int found;
    while ((found = pattern_find(pattern, text, at, &from, &to, err)) > 0) {
        /* Code is not a prompt: an odd number of marks stands before it. */
        size_t marks = 0;
        for (size_t i = 0; i < from; i++)
            marks += text.ptr[i] == '`';
        if (marks % 2 == 0)
            lint_add(lint, rule, block->from + from, block->from + to, NULL);
        at = to;
    }
    return found;
}

int
check_prompt(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    const char *const sources[] = {prompt_pattern, open_pattern};
    int status = 0;
    for (size_t k = 0; k < 2 && status == 0; k++) {
        struct pattern *pattern;
        status = pattern_new(lint->rules, sv_from(sources[k]), NULL, 0, &pattern, err);
        if (status != 0)
            break;
        for (size_t i = 0; i < lint->page.block_count && status == 0; i++)
            status = find_in(lint, rule, pattern, &lint->page.blocks[i], err);
        pattern_free(pattern);
    }
    return status;
}

/* ---- sections ---- */

static const struct {
    enum page_section section;
    const char *name;
} wanted[] = {{SECTION_summary, "summary"},
              {SECTION_impact, "impact"},
              {SECTION_detection, "detection"},
              {SECTION_timeline, "timeline"},
              {SECTION_causes, "contributing factors"},
              {SECTION_actions, "action items"}};

#define WANTED (sizeof(wanted) / sizeof(wanted[0]))
#define KNOWN_LEAST 3 /* sections by which a document is known as a postmortem */

/* Is the title that of another document? */
static int
is_other(const struct lint *lint, size_t heading, struct err *err)
{
    struct pattern *pattern;
    size_t from, to;
    if (pattern_new(lint->rules, SV("^(?:{{other-titles}})\\b"), NULL, 0, &pattern, err) != 0)
        return -1;
    int found = pattern_find(pattern, page_block_text(&lint->page, &lint->page.blocks[heading]), 0,
                             &from, &to, err);
    pattern_free(pattern);
    return found;
}

int
check_section(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    const struct page *page = &lint->page;
    bool there[WANTED] = {false};
    size_t known = 0, first = PAGE_NONE;
    for (size_t i = 0; i < page->block_count; i++)
        if (page->blocks[i].kind == PAGE_HEADING) {
            first = first == PAGE_NONE ? i : first;
            for (size_t k = 0; k < WANTED; k++)
                there[k] = there[k] || page->blocks[i].section == wanted[k].section;
        }
    for (size_t k = 0; k < WANTED; k++)
        known += there[k];
    if (known < KNOWN_LEAST)
        return 0;
    int other = is_other(lint, first, err);
    for (size_t k = 0; k < WANTED && other == 0; k++)
        if (!there[k])
            lint_add(lint, rule, page->blocks[first].from, page->blocks[first].from, "%s",
                     wanted[k].name);
    return other < 0 ? -1 : 0;
}
