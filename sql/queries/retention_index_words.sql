-- command: readers and writers of the partition go on.
SELECT format('CREATE INDEX CONCURRENTLY %s_words ON %s USING gin (analyst.line_words(title, body, service, host, trace_id))',
              split_part($1::text, '.', 2), $1::text)
