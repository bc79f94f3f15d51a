/*
 * tell [--apart] [--bounds FROM TO] FILE...: reads files of records (one a line), correlates them
 * in memory as one scope, and prints the rows of the incidents that are raised as JSON Lines, and
 * after each incident's rows its milestones. FROM and TO: seconds since 1970, the bounds of a
 * declared incident. --apart: each incident is told from its own nodes and what lies around them
 * (tests/lib/narrowed.h), which must print the same. For tests/calibration/fit.py, which compares
 * milestones with those that people wrote; needs no server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hindcast/entry_json.h"
#include "tests/lib/narrowed.h"
#include "tests/lib/recordfile.h"

/* The kind of evidence that the milestone rests on: its entry notes it. */
static struct sv
evidence_of(const struct incident *incident, const struct milestone_row *row)
{
    struct sv word = sv_from(milestone_word(row->milestone));
    for (size_t i = 0; i < incident->entry_count; i++)
        for (size_t k = 0; sv_eq(incident->entries[i].entry_id, row->entry_id) &&
                           k < incident->entries[i].reason_count;
             k++) {
            struct sv name = incident->entries[i].reasons[k].name;
            if (sv_starts(name, word) && sv_starts(sv_slice(name, word.len, name.len), SV("_by_")))
                return sv_slice(name, word.len + 4, name.len);
        }
    return SV("");
}

static void
print(const struct incident *incident)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry_around around = {
            .scope = SV("default"), .incident_key = incident->incident_key, .position = (int64_t)i};
        strbuf_add_char(&out, '{');
        entry_json_line(&out, &around, &incident->entries[i]);
        strbuf_add_text(&out, "}\n");
    }
    for (size_t i = 0; i < incident->milestone_count; i++) {
        const struct milestone_row *row = &incident->milestones[i];
        strbuf_addf(&out,
                    "{\"milestone\":\"%s\",\"at\":%lld,\"confidence\":%d,\"evidence\":\"" SV_FMT
                    "\",\"entry_id\":\"" SV_FMT "\"}\n",
                    milestone_word(row->milestone), (long long)(row->time_ns / NS_PER_S),
                    row->confidence, SV_ARG(evidence_of(incident, row)), SV_ARG(row->entry_id));
    }
    fwrite(out.ptr, 1, out.len, stdout);
    strbuf_release(&out);
}

static bool
is_printed(const struct incident *incident, bool declared)
{
    return (incident->raised || opened_candidate(incident->opened)) &&
           (!declared || incident->declared);
}

/* Each from its own input alone. */
static int
run_apart(struct recordfile *files, const struct correlation_input *input,
          const struct correlation_config *config, struct err *err)
{
    struct teller teller;
    struct grouped grouped;
    if (teller_init(&files->arena, config, input->scope, &teller, err) != 0 ||
        grouped_make(&files->arena, &teller, input, &grouped, err) != 0)
        return -1;
    for (size_t n = 0; n < grouped.grouping.node_count; n++) {
        struct given given;
        struct tell_input narrow;
        struct told told;
        if (grouped.grouping.nodes[n].incident != n)
            continue;
        narrowed_make(&files->arena, input, &grouped, n, NARROWED_NOTHING, &given);
        if (given_input(&files->arena, &teller, &given, &narrow, err) != 0)
            return -1;
        tell_incidents(&files->arena, &teller, &narrow, &told);
        for (size_t i = 0; i < told.incident_count; i++)
            if (is_printed(&told.incidents[i], input->declaration_count > 0))
                print(&told.incidents[i]);
    }
    return 0;
}

static int
run(struct recordfile *files, const struct declaration *declarations, size_t count, bool apart)
{
    struct correlation_input input = {.scope = SV("default"),
                                      .observations = files->observations,
                                      .count = files->count,
                                      .declarations = declarations,
                                      .declaration_count = count};
    struct correlation_config config;
    struct correlation result;
    struct err err;
    correlation_config_default(&config);
    int status = apart ? run_apart(files, &input, &config, &err)
                       : correlate_run(&files->arena, &input, &config, &result, &err);
    if (status < 0) {
        fprintf(stderr, "tell: %s\n", err.message);
        return 1;
    }
    for (size_t i = 0; !apart && i < result.incident_count; i++)
        if (is_printed(&result.incidents[i], count > 0))
            print(&result.incidents[i]);
    return 0;
}

int
main(int argc, char **argv)
{
    struct recordfile files;
    struct declaration declaration = {.id = SV("declared"), .title = SV("declared")};
    bool apart = argc > 1 && strcmp(argv[1], "--apart") == 0, bounds = false;
    int first = apart ? 2 : 1;
    if (argc > first + 3 && strcmp(argv[first], "--bounds") == 0) {
        declaration.from_ns = strtoll(argv[first + 1], NULL, 10) * NS_PER_S;
        declaration.to_ns = strtoll(argv[first + 2], NULL, 10) * NS_PER_S;
        first += 3;
        bounds = true;
    }
    recordfile_init(&files);
    for (int i = first; i < argc; i++)
        if (recordfile_take(&files, i - first, argv[i]) < 0)
            return 1;
    int status = run(&files, &declaration, bounds, apart);
    recordfile_release(&files);
    return status;
}
