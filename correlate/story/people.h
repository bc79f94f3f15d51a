/*
 * Who speaks and acts in an incident: one person from many names. Names are one person's where the
 * team's list says so, where they share an account, an address or an entry of a user table, where
 * they are equal (people/names.h), and where a short one fits exactly one speaker of the incident;
 * each row keeps the name as written and the reason. What fits two is not decided: the reason tells
 * whose it could be. Programs are nobody. Reads the rows of the incident, and the tables of users
 * of its scope (rule `user_table` of reads.def).
 */
#ifndef CORRELATE_STORY_PEOPLE_H
#define CORRELATE_STORY_PEOPLE_H

#include "correlate/people/directory.h"
#include "correlate/people/list.h"
#include "correlate/story/rows.h"

/* Names of an incident; of more the short ones are not compared. */
#define PEOPLE_COMPARED_MAX 300

void identify_people(struct story *story, const struct people_list *list,
                     const struct directory *directory);

#endif
