/*
 * Entry point: finds the sub-command, reads the configuration layers, prints an error once and
 * turns it into the documented exit code. Main thread only.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"

extern char **environ;

struct command {
    const char *name, *usage, *summary;
    command_function *run;
};

static const struct command commands[] = {
#define COMMAND(name, usage, summary) {#name, usage, summary, cmd_##name},
#include "cmd/commands.def"
#undef COMMAND
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
print_help(FILE *out)
{
    fprintf(out, "hindcast rebuilds what happened in an incident.\n\n"
                 "usage: hindcast [--config FILE] COMMAND [OPTION...]\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s %-36s %s\n", commands[i].name, commands[i].usage,
                commands[i].summary);
    fprintf(out,
            "\n'hindcast COMMAND --help' tells more. Exit codes: 0 ok, 1 failed, 2 usage,\n"
            "3 configuration, 4 database, 5 broker, 6 bad data, 70 internal, 130 second Ctrl-C.\n");
}

static int
complain(const struct err *err)
{
    fprintf(stderr, "hindcast: %s\n", err->message);
    if (err->hint[0] != '\0')
        fprintf(stderr, "  %s\n", err->hint);
    return err_exit_code(err->code);
}

static int
run(const struct command *command, const char *path, int argc, char **argv)
{
    struct err err = {0};
    struct config *config = config_new();
    struct command_context context = {.config = config, .argc = argc, .argv = argv};
    int status = config_read_file(config, path, &err);
    if (status == 0)
        status = config_read_environment(config, environ, &err);
    if (status == 0)
        status = command->run(&context, &err);
    if (status < 0)
        status = complain(&err);
    config_free(config);
    if (fflush(stdout) != 0 && status == 0) {
        perror("hindcast: writing the output");
        status = 1;
    }
    return status;
}

int
main(int argc, char **argv)
{
    const char *path = NULL;
    int at = 1;
    signal(SIGPIPE, SIG_IGN);
    if (at + 1 < argc && strcmp(argv[at], "--config") == 0) {
        path = argv[at + 1];
        at += 2;
    }
    if (at >= argc) {
        print_help(stderr);
        return 2;
    }
    if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[at], "--version") == 0) {
        printf("hindcast %s\n", HINDCAST_VERSION);
        return 0;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[at], commands[i].name) == 0)
            return run(&commands[i], path, argc - at, argv + at);
    fprintf(stderr, "hindcast: no command '%s'; 'hindcast --help' lists them\n", argv[at]);
    return 2;
}
