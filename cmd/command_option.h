/*
 * The options of one command beside the configuration's: a table that fills in the members of its
 * arguments. Constant data.
 */
#ifndef CMD_COMMAND_OPTION_H
#define CMD_COMMAND_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "ingest/source/file/dates.h"
#include "ingest/source/file/zones.h"

/* Values of an option that may be given more than once. */
#define COMMAND_VALUES_MAX 64
struct command_values {
    const char *list[COMMAND_VALUES_MAX];
    size_t count;
};

/*
 * An option of one command beside the configuration's. It fills in one member of the command's
 * arguments: a const char * (the value), a bool where it is a flag, or a struct command_values.
 */
struct command_option {
    const char *name;        /* "--from" */
    const char *placeholder; /* "TIME", "FILE"; "text|jsonl": one of these words; NULL: a flag */
    const char *help;
    size_t at;    /* offset of the member */
    bool repeats; /* the member is a struct command_values */
};

/* The offset of a member that must have the type `wanted`; another type does not compile. */
#define MEMBER_AT(wanted, type, member)                                                            \
    (offsetof(type, member) + 0 * sizeof((wanted *){&((type *)0)->member}))
#define VALUE_AT(name, placeholder, help, type, member)                                            \
    {                                                                                              \
        name, placeholder, help, MEMBER_AT(const char *, type, member), false                      \
    }
#define VALUES_AT(name, placeholder, help, type, member)                                           \
    {                                                                                              \
        name, placeholder, help, MEMBER_AT(struct command_values, type, member), true              \
    }
#define FLAG_AT(name, help, type, member)                                                          \
    {                                                                                              \
        name, NULL, help, MEMBER_AT(bool, type, member), false                                     \
    }

/* Zones for times of files that name none. */
#define ZONES_AT(type, member)                                                                     \
    VALUES_AT("--zone", "ZONE",                                                                    \
              "zone of times that name none: +02:00, or 'PATTERN=+02:00' for files; repeatable",   \
              type, member)
/* Empty before; what it holds is the caller's, also after an error. USAGE: one is not a zone. */
int command_zones(const struct command_values *values, struct file_zones *ret_zones,
                  struct err *err) MUST_CHECK;
/* Days for chats and calls whose files tell none. */
#define DATES_AT(type, member)                                                                     \
    VALUES_AT("--date", "DATE",                                                                    \
              "day of chats whose files tell none: 2026-03-10 (of calls: 2026-03-10T10:02), or "   \
              "PATTERN=DATE; repeatable",                                                          \
              type, member)
/* As command_zones(). USAGE: one is not a date. */
int command_dates(const struct command_values *values, struct file_dates *ret_dates,
                  struct err *err) MUST_CHECK;
/* How rows are printed; words: "text|jsonl" and what else the command knows. */
#define FORMAT_AT(words, type, member)                                                             \
    VALUE_AT("--format", words, "text for people (default), or jsonl: one JSON object a line",     \
             type, member)
/* What `load`, `read` and `draft` do with records that tell no time. */
#define UNDATED_AT(type, member)                                                                   \
    VALUE_AT("--undated", "file|none",                                                             \
             "what tells no time takes the date of its file, or none (default)", type, member)
/* True if this word was given. */
bool command_word(const char *value, const char *word);

#endif
