/*
 * What people and shells are told of the command line, from the tables of the commands
 * (cmd/command.h), of the options (base/config/options.def) and from the texts in cmd/help/. Pure:
 * each function adds to a buffer. Main thread.
 *
 * A text in cmd/help/ has paragraphs, lines that begin with "## " (heads) and lines that begin with
 * four blanks (taken as they are). Nothing else is markup.
 */
#ifndef CMD_MANUAL_H
#define CMD_MANUAL_H

#include "cmd/command.h"

/* What may follow an option, or stand as an operand: read off its placeholder. */
enum manual_value {
    MANUAL_FLAG,    /* nothing */
    MANUAL_CHOICE,  /* one of the words of "text|jsonl" */
    MANUAL_FILE,    /* FILE, PATH... */
    MANUAL_FOLDER,  /* DIR */
    MANUAL_COMMAND, /* COMMAND */
    MANUAL_FREE,    /* anything else */
};

enum manual_value manual_value_of(const char *placeholder);

/* One option, wherever it comes from. */
struct manual_option {
    const char *name, *placeholder, *help;
};

typedef void manual_option_function(void *opaque, const struct manual_option *option);

/* The command's own options, in order. */
void manual_each_own(const struct command *command, manual_option_function *each, void *opaque);
/* One option of the configuration, its bounds said in `help`. */
void manual_configured(enum option option, manual_option_function *each, void *opaque);
/* True if the option changes what the command does. */
bool manual_heeds(const struct command *command, enum option option);
/* Those options of the configuration that it heeds. */
void manual_each_heeded(const struct command *command, manual_option_function *each, void *opaque);
/* The same as a person is told it: a section that it heeds as a whole is one. */
void manual_each_told(const struct command *command, manual_option_function *each, void *opaque);
/* Those of every command. */
void manual_each_common(manual_option_function *each, void *opaque);
/* All three. */
void manual_each(const struct command *command, manual_option_function *each, void *opaque);

/*
 * What stands in cmd/help/ of a command (NULL: of the program), with its more_help(), line by line:
 * a line below a head "## NAME" has `head` set.
 */
struct manual_line {
    const char *head; /* "" before the first head */
    struct sv text;
    bool verbatim; /* begins with four blanks, which are gone from `text` */
    bool is_head;  /* the line is the head itself; `text` is empty */
    bool blank;
};
typedef void manual_line_function(void *opaque, const struct manual_line *line);
void manual_each_line(const struct command *command, manual_line_function *each, void *opaque);

#define MANUAL_NAME 64
/* The name of its page and help, one word: "report-lint". Returns `ret_name`. */
const char *manual_name(const struct command *command, char ret_name[MANUAL_NAME]);
/* Adds all of these names, or those of commands without verbs, with blanks between them. */
void manual_names(const struct command_set *all, bool verbs, struct strbuf *out);
/* Adds the verbs of a command, a blank before each but the first; returns how many it has. */
size_t
manual_verbs(const struct command_set *all, const struct command *command, struct strbuf *out);

/* `hindcast --help`: the list of commands. */
void manual_overview(const struct command_set *all, struct strbuf *out);
/* `hindcast COMMAND --help`. */
void manual_text(const struct command *command, struct strbuf *out);
/* hindcast-COMMAND(1), or hindcast(1) for NULL, as man(7) source; without a date, so that the same
 * tables give the same bytes. */
void manual_man(const struct command_set *all, const struct command *command, struct strbuf *out);
/* docs/commands.md: every command. */
void manual_markdown(const struct command_set *all, struct strbuf *out);
/* Scripts that complete command lines in a shell. */
void manual_bash(const struct command_set *all, struct strbuf *out);
void manual_zsh(const struct command_set *all, struct strbuf *out);
void manual_fish(const struct command_set *all, struct strbuf *out);

#endif
