/*
 * Who was paged: what paging tools list of it (`paged` of maps), and what people and programs write
 * ("paged @anna", "assigned to Anna Kovar"; rules/pages.tsv). A mention of a group whose members
 * the tables of users tell pages these. A name is taken as the record writes it; people.h says
 * whose it is. Teams, schedules and whoever pages himself are nobody. Reads the row alone, names of
 * the speakers of its incident, the list of people, and tables of users (rule `pages` of
 * reads.def). Pure; memory is the story's.
 */
#ifndef CORRELATE_STORY_PAGES_H
#define CORRELATE_STORY_PAGES_H

#include "base/err.h"
#include "correlate/people/directory.h"
#include "correlate/people/list.h"
#include "correlate/story/rows.h"

#define ROW_PAGES_MAX 20 /* people that one row pages; further ones are left out */
#define ROW_ROLES_MAX 10 /* the same of roles that a tool lists */

struct page_phrases {
    const struct words *at;
    size_t count;
};

struct page_rules {
    struct page_phrases paged, called, notified;
    struct words between, nobody, unless;
};

/* INTERNAL with the number of a line that cannot be read. */
int page_rules_parse(struct arena *arena, struct sv text, struct page_rules *ret_rules,
                     struct err *err) MUST_CHECK;
int page_rules_read(struct arena *arena, struct page_rules *ret_rules, struct err *err) MUST_CHECK;

/* Sets `pages` of the rows, and which roles tools list of whom (`roles` of maps); before
 * identify_people(), which says who they are. */
void find_pages(struct story *story, const struct page_rules *rules, const struct people_list *list,
                const struct directory *directory);

/*
 * When those who were paged first did or said something after it, or said that they take it: sets
 * the answers of the incident's pages. After people decided about its rows.
 */
void answer_pages(struct arena *arena, struct incident *incident);

#endif
