SELECT term, excluded, common, lines, titles FROM analyst.search_words($1::text) ORDER BY nth
