/*
 * What went wrong with PostgreSQL, as an error of this program: code from SQLSTATE and connection
 * state, a message with the server's own words, a hint about what to do. Used by all of store/.
 */
#include <stdio.h>
#include <string.h>

#include "store/pg/conn.h"

#define HINT_SERVER                                                                                \
    "check sslrootcert, and that the server's certificate names the host you connect to"
#define HINT_CLIENT "check sslcert and sslkey: the server must know the authority and the user"

/* The first row whose prefix fits decides. */
static const struct {
    const char *prefix;
    enum err_code code;
    const char *hint;
} classes[] = {
    {"08", ERR_DB_DOWN, ""},
    {"28", ERR_DB_AUTH,
     "check user and password in database.conninfo or the PG* variables, and pg_hba.conf"},
    {"3D000", ERR_DB_AUTH,
     "create the database with createdb, or name another in database.conninfo"},
    {"3F000", ERR_DB_SCHEMA, "run 'hindcast migrate'"},
    {"42P01", ERR_DB_SCHEMA, "a table is missing: run 'hindcast migrate'"},
    {"42703", ERR_DB_SCHEMA, "a column is missing: run 'hindcast migrate'"},
    {"42883", ERR_DB_SCHEMA, "a function is missing: run 'hindcast migrate'"},
    {"42501", ERR_DB_QUERY, "the login lacks a right: docs/security.md says which role does what"},
    {"25P03", ERR_DB_DOWN, "the server ended a transaction that it found idle"},
    {"40001", ERR_DB_CONFLICT, ""},
    {"40P01", ERR_DB_CONFLICT, ""},
    {"55P03", ERR_DB_CONFLICT, "another session holds a lock"},
    {"53100", ERR_DB_FULL, "make room on the database server's disk; ingest goes on by itself"},
    {"53200", ERR_DB_DOWN, "the database server is out of memory"},
    {"53300", ERR_DB_DOWN, "raise max_connections or use fewer workers"},
    {"25006", ERR_DB_READ_ONLY, "name the primary, for example target_session_attrs=read-write"},
    {"57014", ERR_DB_CONFLICT, "a person or statement_timeout cancelled the statement"},
    {"57P01", ERR_DB_DOWN, ""},
    {"57P02", ERR_DB_DOWN, ""},
    {"57P03", ERR_DB_DOWN, "the database is starting up or shutting down"},
    {"57P05", ERR_DB_DOWN, ""},
};

static void
classify(const char *sqlstate, enum err_code *code, const char **hint)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (strncmp(sqlstate, classes[i].prefix, strlen(classes[i].prefix)) == 0) {
            *code = classes[i].code;
            *hint = classes[i].hint;
            return;
        }
}

/* One line: libpq's messages end in a newline and may hold several. */
static void
one_line(const char *text, char *ret_line, size_t size)
{
    size_t used = 0;
    for (const char *at = text; *at != '\0' && used + 1 < size; at++)
        ret_line[used++] = *at == '\n' || *at == '\t' ? ' ' : *at;
    while (used > 0 && (ret_line[used - 1] == ' ' || ret_line[used - 1] == '.'))
        used--;
    ret_line[used] = '\0';
}

/* The message is in the server's language; a constraint that is broken would be named. */
static bool
no_partition(const PGresult *result, const char *state)
{
    return strcmp(state, "23514") == 0 &&
           PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME) == NULL &&
           PQresultErrorField(result, PG_DIAG_TABLE_NAME) != NULL;
}

int
store_fail(struct store *store, const PGresult *result, const char *what, struct err *err)
{
    char line[400];
    const char *hint = "",
               *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary =
        result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    enum err_code code = ERR_DB_QUERY;
    if (state != NULL) {
        classify(state, &code, &hint);
    } else {
        /*
         * Not the server's words but libpq's: the connection failed. Its status does not always say
         * so: where sending failed while a last notice lay there to be read (an immediate
         * shutdown), it stays CONNECTION_OK until the next read.
         */
        code = ERR_DB_DOWN;
        store->broken = true;
    }
    store->no_partition = state != NULL && no_partition(result, state);
    if (store->no_partition)
        code = ERR_DB_CONFLICT; /* known partitions are made again with the next attempt */
    one_line(primary != NULL ? primary : PQerrorMessage(store->pg), line, sizeof(line));
    err_set(err, code, "%s: %s", what, line);
    if (err != NULL && state != NULL)
        snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", state);
    bool waited = state != NULL && (strcmp(state, "55P03") == 0 || strcmp(state, "57014") == 0);
    if (waited && store->holder[0] != '\0')
        err_hint(err, "the lock is held by %s", store->holder);
    else if (hint[0] != '\0')
        err_hint(err, "%s", hint);
    return -1;
}

/*
 * A failed connection attempt has no result. With PQERRORS_VERBOSE its text holds the SQLSTATE
 * ("FATAL:  28P01: ..."), whatever the server's language.
 */
static bool
state_in(const char *text, char ret_state[6])
{
    for (const char *at = strstr(text, ":  "); at != NULL; at = strstr(at + 1, ":  "))
        if (strlen(at) > 8 && at[8] == ':' &&
            strspn(at + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5) {
            memcpy(ret_state, at + 3, 5);
            ret_state[5] = '\0';
            return true;
        }
    return false;
}

/*
 * What TLS says has no SQLSTATE, and waiting does not mend it. The first words found decide;
 * libpq's own are English because this program sets no locale, OpenSSL's always are.
 */
static const struct {
    const char *words, *hint;
} refusals[] = {
    {"certificate verify failed", HINT_SERVER},
    {"does not match host name", HINT_SERVER},
    {"root certificate file", HINT_SERVER},
    {" alert bad certificate", HINT_CLIENT}, /* what the server answers to one it does not like */
    {" alert certificate ", HINT_CLIENT},
    {" alert unknown ca", HINT_CLIENT},
    {" alert handshake failure", HINT_CLIENT},
    {"client certificate", HINT_CLIENT},
    {"certificate authentication failed", HINT_CLIENT},
    {"could not load private key", HINT_CLIENT},
    {"could not read certificate", HINT_CLIENT},
    {"private key file", HINT_CLIENT},
    {"does not support SSL", "turn ssl on at the server, or choose another sslmode"},
    {"no encryption", "this server wants TLS: set sslmode, for example to verify-full"},
};

static bool
is_refusal(const char *text, enum err_code *code, const char **hint)
{
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
        if (strstr(text, refusals[i].words) != NULL) {
            *code = ERR_DB_AUTH;
            *hint = refusals[i].hint;
            return true;
        }
    return false;
}

int
store_connect_fail(PGconn *pg, const char *reason, struct err *err)
{
    char line[400], state[6] = "";
    const char *text = reason != NULL ? reason : PQerrorMessage(pg);
    const char *hint =
        "is the server running? database.conninfo or the PG* variables say where it is sought";
    enum err_code code = ERR_DB_DOWN;
    bool told = state_in(text, state);
    if (told)
        classify(state, &code, &hint);
    if ((!told || code == ERR_DB_AUTH) && is_refusal(text, &code, &hint))
        told = true;
    if (!told && PQconnectionNeedsPassword(pg)) {
        code = ERR_DB_AUTH;
        hint = "set PGPASSWORD, a ~/.pgpass file, or password= in database.conninfo";
    }
    /* The second line of a verbose message is the server's source location. */
    const char *end = strstr(text, "\nLOCATION:");
    char cut[400];
    snprintf(cut, sizeof(cut), "%.*s", end == NULL ? (int)sizeof(cut) - 1 : (int)(end - text),
             text);
    one_line(cut, line, sizeof(line));
    err_set(err, code, "cannot connect to PostgreSQL: %s", line);
    if (err != NULL)
        snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", state);
    return err_hint(err, "%s", hint);
}
