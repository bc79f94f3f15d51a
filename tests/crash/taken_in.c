/*
 * The end of correlators beside a run, see beside.h: nobody is disturbed any more, and all that
 * came is taken in. Called by correlators.c on the only thread of its process.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/crash/beside.h"

/* Those that are armed are no help any more. */
static void
disarm(struct hands *hands, struct store *store)
{
    hands_fates(hands, store);
    for (size_t i = 0; i < hands->followers; i++)
        if (hands->all[i].pid != 0 && hands->all[i].armed)
            hand_kill(hands, &hands->all[i]);
    int64_t until = clock_after(WAIT_NS);
    while (hands_rebuild(hands)->pid != 0 || hands_decider(hands)->pid != 0) {
        if (clock_monotonic_ns() > until)
            fail_run(hands->run, "a rebuild or somebody who decides does not end");
        hands_fates(hands, store);
        hands_pause(hands);
    }
    hands_look(hands);
    for (size_t i = 0; i < hands->followers; i++)
        if (hands->all[i].pid == 0)
            hand_start(hands, &hands->all[i], NULL, NULL);
}

/* Nobody disturbs them any more: what is there is taken in. */
static struct store *
take_in_the_rest(struct hands *hands, struct store *store)
{
    int64_t until = clock_after(WAIT_NS);
    do {
        if (clock_monotonic_ns() > until)
            fail_run(hands->run, "correlators that follow do not take in what came");
        for (size_t i = 0; i < hands->followers; i++)
            if (hands->all[i].pid == 0)
                hand_start(hands, &hands->all[i], NULL, NULL);
        hands_fates(hands, store);
        hands_pause(hands);
        store = beside_store(hands->run, store);
    } while (store == NULL || !beside_nothing_new(hands->run, store));
    return store;
}

static void
end_all(struct hands *hands)
{
    int64_t until = clock_after(STOP_NS);
    bool any = true;
    for (size_t i = 0; i < hands->followers; i++)
        if (hands->all[i].pid != 0) {
            hands->all[i].terminated = true;
            kill(hands->all[i].pid, SIGTERM);
        }
    while (any) {
        any = false;
        hands_pause(hands);
        for (size_t i = 0; i < hands->followers; i++)
            any |= hands->all[i].pid != 0;
        if (any && clock_monotonic_ns() > until)
            fail_run(hands->run, "a correlator that follows does not end");
    }
}

/* How many scopes were computed, by what their logs say, which go. */
static void
count_steps(struct hands *hands)
{
    char path[512], line[512];
    int whole = 0, parts = 0;
    for (int id = 1; id <= hands->last_id; id++) {
        hand_log(hands, &(struct hand){.kind = HAND_FOLLOWS, .id = id}, path, sizeof(path));
        FILE *file = fopen(path, "re");
        if (file == NULL)
            continue;
        while (fgets(line, sizeof(line), file) != NULL) {
            parts += strncmp(line, "correlated ", 11) == 0 && strstr(line, " new events") != NULL;
            whole += strncmp(line, "correlated ", 11) == 0 && strstr(line, " new events") == NULL;
        }
        fclose(file);
        (void)unlink(path);
    }
    tell(hands->run, "count rounds-of-parts %d", parts);
    tell(hands->run, "count rounds-with-a-whole %d", whole);
}

void
take_in_and_end(struct hands *hands, struct store *store)
{
    disarm(hands, store);
    store = take_in_the_rest(hands, store);
    end_all(hands);
    store_close(store);
    count_steps(hands);
}
