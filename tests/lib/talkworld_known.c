/*
 * Worlds of talk made by hand, in which the last row decides over something far back: see
 * talkworld.h.
 */
#include "tests/lib/talkworld.h"

static void
say(struct talkworld *world, int minute, const char *actor, const char *text)
{
    talkworld_say(world, (int64_t)minute * 60, sv_from(actor), sv_from(text));
}

/*
 * What nobody answered for 59 minutes opens with a page: then talk of an hour before it goes on up
 * to it, which a pause of 59 minutes had ended.
 */
void
talkworld_page(struct talkworld *world)
{
    talkworld_empty(world);
    say(world, 0, "Mia Roth", "checkout is down");
    say(world, 2, "Ben", "checkout is down");
    say(world, 4, "Ada", "checkout is down");
    say(world, 25, "Ben", "thanks");
    say(world, 45, "Ben", "thanks");
    say(world, 62, "Ben", "thanks");
    say(world, 121, "Ada", "checkout is down");
    say(world, 180, "Ben", "paging the oncall of the ledger");
}

/* The same at the end of hours without a pause: the whole of them goes on. */
void
talkworld_long_page(struct talkworld *world)
{
    talkworld_empty(world);
    say(world, 0, "Mia Roth", "checkout is down");
    say(world, 2, "Ben", "checkout is down");
    say(world, 4, "Ada", "checkout is down");
    for (int minute = 50; minute < 350; minute += 4)
        say(world, minute, "Ben", "thanks");
    say(world, 350, "Ada", "checkout is down");
    say(world, 380, "Ben", "paging the oncall of the ledger");
}

/* A third revert of the like makes one a day before routine, which had taken back what is older. */
void
talkworld_third_revert(struct talkworld *world)
{
    talkworld_empty(world);
    talkworld_change(world, 0, SV("Depool db1"));
    talkworld_change(world, INT64_C(85000), SV("Revert \"Depool db1\""));
    talkworld_change(world, INT64_C(130000), SV("Revert \"Depool db2\""));
    talkworld_change(world, INT64_C(170000), SV("Revert \"Depool db3\""));
}

/* Lines hang on what people say at their third day, until they do not say it. */
void
talkworld_hot_line(struct talkworld *world)
{
    talkworld_empty(world);
    talkworld_lines(world, -3 * INT64_C(86400), 3600);
    say(world, 0, "Mia Roth", "checkout is down");
    say(world, 20, "Ben", "checkout is down");
    say(world, 40, "Ada", "checkout is down");
}
