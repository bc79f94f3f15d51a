/*
 * What the files that read the tokens of a head share: times, levels, and what a word is by its
 * looks. Private to ingest/parse/head_*.c.
 */
#ifndef INGEST_PARSE_HEAD_PRIVATE_H
#define INGEST_PARSE_HEAD_PRIVATE_H

#include "ingest/parse/head_tokens.h"

/* ---- head_kinds.c ---- */
bool head_all(struct sv text, bool (*fits)(char c));
bool head_has_lower(struct sv text);
bool head_is_identifier(char c);
/* "Pay.java", "felix/sync_client.go" */
bool head_is_source(struct sv text);
/* "pay.go:12": cuts the number off. */
bool head_cut_line_number(struct sv *text);
/* "dfs.DataNode$Server" (a class), "nova.compute.manager" */
bool head_is_logger(struct sv text, bool *ret_class);
/* "4421", "pid 21:tid 13", "7#7" */
bool head_is_pid(struct sv text);
enum head_token_kind head_kind_of_word(struct sv text, bool *ret_class);
/* No word and no number goes on at `at`. */
bool head_ends(struct sv text, size_t at);

/* ---- head_level.c ---- */
int head_letter_level(char c);
void head_set_level(struct head_token *token, struct sv word, int severity);
/* "core:error" */
bool head_module_and_level(struct sv inner, struct head_token *token);
/* "local.ERROR" */
bool head_channel_and_level(struct sv word, struct head_token *token);
/* At the reader's place: a word, a letter, "<3>". */
bool head_read_level(const struct head_reader *reader, struct head_token *token);
bool head_read_letter(const struct head_reader *reader, struct head_token *token);
bool head_read_priority(const struct head_reader *reader, struct head_token *token);

/* ---- head_time.c ---- */
/* "E0310 15:04:12.123456": a level and a time in one. */
bool head_read_glog(const struct head_reader *reader, struct head_token *token);

#endif
