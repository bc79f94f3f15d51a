/*
 * Which incident a node is in, as people decided: one decision after the other, each on what those
 * before it made. See decide.h. Called by correlate_run() between grouping and stories, so that
 * what an incident is called, how long it is and what it tells follows from its nodes as ever.
 */
#include "correlate/decide/decide.h"

struct regrouping {
    struct deciding *deciding;
    struct work_node *nodes;
    size_t count;
    struct deciding_one **moved_by; /* of each node: the decision that moved it last */
    size_t *left;                   /* of each node that was detached: one that it left behind */
};

static struct sv
incident_of(const struct regrouping *regrouping, size_t n)
{
    if (n == NO_NODE || regrouping->nodes[n].incident == NO_NODE)
        return SV_NONE;
    return node_key_text(regrouping->deciding->arena,
                         &regrouping->nodes[regrouping->nodes[n].incident]);
}

/*
 * An incident is named by its smallest node that opens one, else by its smallest. `label` is what
 * its nodes have for it now. The name; NO_NODE: it has no node any more.
 */
static size_t
name_incident(struct regrouping *regrouping, size_t label)
{
    struct work_node *nodes = regrouping->nodes;
    size_t name = NO_NODE;
    if (label == NO_NODE)
        return NO_NODE;
    for (size_t n = 0; n < regrouping->count; n++)
        if (nodes[n].incident == label &&
            (name == NO_NODE || (node_opens(&nodes[n]) && !node_opens(&nodes[name]))))
            name = n;
    for (size_t n = 0; name != label && n < regrouping->count; n++)
        if (nodes[n].incident == label)
            nodes[n].incident = name;
    return name;
}

/*
 * A node leaves its incident, whose name is then `rest`. What was decided of the incident so far,
 * by the name of a record of this node, is of the rest: only what comes later means where it went.
 */
static void
leave(struct regrouping *regrouping, size_t n, size_t rest, const struct deciding_one *by)
{
    regrouping->left[n] = rest;
    for (struct deciding_one *one = regrouping->deciding->all; rest != NO_NODE && one <= by; one++)
        if (one->incident_node == n)
            one->incident_node = rest;
}

/* Where the incident is that was named by a record which is in none by now. */
static size_t
remaining(const struct regrouping *regrouping, size_t n)
{
    while (n != NO_NODE && regrouping->nodes[n].incident == NO_NODE &&
           regrouping->left[n] != NO_NODE)
        n = regrouping->left[n];
    return n;
}

static const char *
moved(enum decision_verb verb)
{
    return verb == DECISION_SPLIT ? "split off" : verb == DECISION_ATTACH ? "attached" : "detached";
}

static void
move(struct regrouping *regrouping, size_t n, size_t incident, struct deciding_one *by)
{
    struct work_node *node = &regrouping->nodes[n];
    struct deciding_one *before = regrouping->moved_by[n];
    if (before != NULL && before->decision.row_count == 1)
        before->overruled_by = by->decision.id;
    regrouping->moved_by[n] = by;
    node->incident = incident;
    node->reason = arena_printf(regrouping->deciding->arena, "%s by " SV_FMT ", decision " SV_FMT,
                                moved(by->decision.verb), SV_ARG(by->decision.author),
                                SV_ARG(by->decision.id));
}

static void
merge(struct regrouping *regrouping, struct deciding_one *one)
{
    size_t into =
        one->incident_node == NO_NODE ? NO_NODE : regrouping->nodes[one->incident_node].incident;
    size_t from =
        one->other_node == NO_NODE ? NO_NODE : regrouping->nodes[one->other_node].incident;
    one->missing = into == NO_NODE || from == NO_NODE;
    if (one->missing || into == from)
        return;
    for (size_t n = 0; n < regrouping->count; n++)
        if (regrouping->nodes[n].incident == from)
            regrouping->nodes[n].incident = into;
    name_incident(regrouping, into);
}

/* The rows that are named leave, with their episodes; what remains is the incident as it was. */
static void
split(struct regrouping *regrouping, struct deciding_one *one)
{
    struct work_node *nodes = regrouping->nodes;
    size_t home = one->incident_node == NO_NODE ? NO_NODE : nodes[one->incident_node].incident;
    size_t leaving = regrouping->count; /* no node has this number */
    one->missing = true;
    for (size_t k = 0; k < one->decision.row_count && home != NO_NODE; k++) {
        size_t n = one->found[k].node;
        if (n == NO_NODE || nodes[n].incident != home)
            continue;
        move(regrouping, n, leaving, one);
        one->missing = false;
    }
    if (one->missing)
        return;
    size_t rest = name_incident(regrouping, home);
    size_t gone = name_incident(regrouping, leaving);
    for (size_t n = 0; n < regrouping->count; n++)
        if (nodes[n].incident == gone)
            leave(regrouping, n, rest, one);
}

/* attach: the row's episode joins the incident; detach: it leaves its own, and is in none. */
static void
move_rows(struct regrouping *regrouping, struct deciding_one *one)
{
    bool attach = one->decision.verb == DECISION_ATTACH;
    size_t n = one->found[0].node;
    size_t home =
        one->incident_node == NO_NODE ? NO_NODE : regrouping->nodes[one->incident_node].incident;
    one->missing = n == NO_NODE || (attach && home == NO_NODE);
    if (one->missing)
        return;
    size_t before = regrouping->nodes[n].incident;
    move(regrouping, n, attach ? home : NO_NODE, one);
    leave(regrouping, n, name_incident(regrouping, before), one);
    if (attach)
        name_incident(regrouping, home);
}

static void
apply(struct regrouping *regrouping, struct deciding_one *one)
{
    one->incident_node = remaining(regrouping, one->incident_node);
    one->other_node = remaining(regrouping, one->other_node);
    if (!sv_empty(one->undone_by))
        return;
    if (one->decision.verb == DECISION_MERGE)
        merge(regrouping, one);
    else if (one->decision.verb == DECISION_SPLIT)
        split(regrouping, one);
    else if (one->decision.verb == DECISION_ATTACH || one->decision.verb == DECISION_DETACH)
        move_rows(regrouping, one);
}

void
deciding_regroup(struct deciding *deciding, struct work_node *nodes, size_t count)
{
    struct regrouping regrouping = {.deciding = deciding, .nodes = nodes, .count = count};
    if (deciding->count == 0)
        return;
    regrouping.moved_by = ARENA_ARRAY(deciding->arena, struct deciding_one *, count + 1);
    regrouping.left = ARENA_ARRAY(deciding->arena, size_t, count + 1);
    for (size_t n = 0; n < count; n++)
        regrouping.left[n] = NO_NODE;
    for (size_t i = 0; i < deciding->count; i++)
        apply(&regrouping, &deciding->all[i]);
    for (size_t i = 0; i < deciding->count; i++) {
        struct deciding_one *one = &deciding->all[i];
        size_t row = one->decision.row_count > 0 ? one->found[0].node : NO_NODE;
        one->incident_key = incident_of(&regrouping, one->incident_node);
        one->row_key = incident_of(&regrouping, row);
        if (row != NO_NODE)
            one->row_node = node_key_text(deciding->arena, &nodes[row]);
    }
}
