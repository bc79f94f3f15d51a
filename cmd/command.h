/*
 * Sub-commands: one file each in cmd/, one line in commands.def. Each describes itself once, in a
 * `struct command`: --help, the man pages, the completions of the shells and docs/commands.md
 * derive from it without running anything. What a command has to say beyond its options stands in
 * cmd/help/NAME.txt.
 *
 * main reads the command line into the command's own arguments, then the lower layers of the
 * configuration (what the command line set stays), and calls run(), which returns the exit code; on
 * failure it fills in `err`, which main prints once with its hint.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "base/clock.h"
#include "base/config/config.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "cmd/command_option.h"
#include "hindcast/version.h"

/* Options of every command; they may also stand before the command's name. */
struct command_common {
    const char *config; /* FILE; NULL: where config_read_file() looks */
    const char *color;  /* auto, always, never; NULL: auto */
    bool no_pager, help, version;
};

struct command;

/* All commands in the order of --help. Handed on from main: no command knows the table. */
struct command_set {
    const struct command *const *items;
    size_t count;
};

struct command_context {
    const struct command_set *all;
    struct config *config;
    struct command_common common;
    int argc; /* argv[0] is the command's name, the rest are its operands */
    char **argv;
    const void *arguments; /* what the command's own options said: its arguments_size bytes */
};

/* 0 or an exit code; -1 with err filled in. */
typedef int command_function(struct command_context *context, struct err *err);

/*
 * A name of two words, "report lint", is a verb of the command `report`: it has options, help and a
 * page of its own, and stands behind its command in the table. Its file is cmd/report_lint.c, its
 * text cmd/help/report-lint.txt.
 */
struct command {
    const char *name, *usage, *summary;
    const char *operand; /* "INCIDENT", "PATH..."; NULL: the command takes none */
    const struct command_option *options;
    size_t option_count;
    const enum option *heeds;  /* options of the configuration that change what it does */
    size_t heeds_count;        /* 0: it runs without reading any configuration */
    const char *heeds_section; /* all options of this section besides; NULL: of none */
    const char *roles;     /* any of these in the database is enough; NULL: it has no part in it */
    size_t arguments_size; /* the members begin as zeros */
    bool product;          /* what it prints has a format of its own: never coloured */
    bool pages;            /* what it prints is for reading: through a pager on a terminal */
    /* Adds to the text of cmd/help/NAME.txt what another table says; NULL: nothing. */
    void (*more_help)(struct strbuf *out);
    command_function *run;
};

#define COMMAND_OPTIONS(rows) .options = rows, .option_count = sizeof(rows) / sizeof((rows)[0])
#define COMMAND_HEEDS(...)                                                                         \
    .heeds = (const enum option[]){__VA_ARGS__},                                                   \
    .heeds_count = sizeof((const enum option[]){__VA_ARGS__}) / sizeof(enum option)
/* Of what was derived, with its text; what rests on the records takes the correlator's. */
#define ROLES_READER "hindcast_responder or hindcast_correlate"
#define ROLES_ANALYST "hindcast_analyst, " ROLES_READER
#define HEEDS_LOGIN OPT_database_conninfo, OPT_database_connect_timeout
#define HEEDS_READER HEEDS_LOGIN, OPT_database_correlate_role
#define HEEDS_BROKER OPT_kafka_brokers, OPT_kafka_topics, OPT_kafka_start
#define HEEDS_CORRELATION                                                                          \
    OPT_correlate_least_records, OPT_correlate_least_sources, OPT_correlate_least_severity,        \
        OPT_correlate_key_rows_least, OPT_correlate_key_rows_most, OPT_correlate_rules,            \
        OPT_correlate_quiet_alerts, OPT_correlate_candidates, OPT_correlate_candidate_score,       \
        OPT_correlate_talk_gap, OPT_correlate_rank, OPT_correlate_milestone_act,                   \
        OPT_correlate_milestone_answer, OPT_correlate_milestone_culprit,                           \
        OPT_correlate_milestone_deploy, OPT_correlate_milestone_expected,                          \
        OPT_correlate_milestone_fade, OPT_correlate_milestone_fallback,                            \
        OPT_correlate_milestone_line, OPT_correlate_milestone_named,                               \
        OPT_correlate_milestone_relapse, OPT_correlate_milestone_revert,                           \
        OPT_correlate_milestone_setback, OPT_correlate_milestone_settle,                           \
        OPT_correlate_milestone_sign, OPT_correlate_people, OPT_correlate_suppress,                \
        OPT_correlate_weights
#define HEEDS_GROUPING "grouping" /* goes with HEEDS_CORRELATION */
#define HEEDS_METRICS OPT_metrics_listen, OPT_metrics_interval
#define COMMAND(name) extern const struct command command_##name;
#include "cmd/commands.def"
#undef COMMAND

/* What cmd/commands.def lists: for main, and for tests. */
extern const struct command_set command_set;
/*
 * The command that words[0] names, or its verb that words[0] and words[1] name; *ret_words is how
 * many of them that took. A verb may also be named in one word, "report-lint". USAGE where there is
 * none, with the nearest as a hint.
 */
int command_find(const struct command_set *all, size_t count, const char *const *words,
                 const struct command **ret_command, size_t *ret_words, struct err *err) MUST_CHECK;
/* "lint" where `command` is "report lint" and `of` is "report"; NULL where it is not one of its. */
const char *command_verb(const struct command *command, const struct command *of);
/* The command that this is a verb of, or NULL. */
const struct command *command_of(const struct command_set *all, const struct command *verb);

/*
 * Parse context->argv: the command's own options (into `arguments`, zeros before), those of every
 * command (context->common; -h and -V are --help and --version), and the configuration's as
 * --section-key (applied). "--" ends options; the rest are operands, moved to argv[1..] with argc
 * set to fit. An unknown option is a usage error that names the nearest.
 */
int command_parse(const struct command *command, struct command_context *context, void *arguments,
                  struct err *err) MUST_CHECK;
/*
 * The options before the command's name: *ret_at is where it stands in argv, or argc. argv[0] is
 * the program.
 */
int command_parse_common(struct command_common *common, int argc, char **argv, int *ret_at,
                         struct err *err) MUST_CHECK;
extern const struct command_option command_common_options[];
extern const size_t command_common_count;

/* The values of --since and --until; NULL gives TIME_NONE. USAGE: not a time. */
int command_times(const char *since, const char *until, int64_t *ret_since_ns,
                  int64_t *ret_until_ns, struct err *err) MUST_CHECK;

/*
 * SIGTERM and SIGINT: the first asks to stop, the second leaves at once. Call before threads start.
 * A command that has not ended COMMAND_PATIENCE_NS after the first is ended with exit code 1.
 */
void command_handle_signals(void);
#define COMMAND_PATIENCE_NS (9 * NS_PER_S)
/*
 * Before that: another exit code for such an end (0 where stopping is how the command ends, and
 * nothing is lost), another patience, and what is to be done then (NULL: nothing), on a thread of
 * its own while all others go on.
 */
void command_patience(int code, int64_t ns, void (*at_last)(void));
bool command_stop_requested(void);
/* For code below cmd/ that polls: points at a flag that becomes true. */
const volatile bool *command_stop_flag(void);

#endif
