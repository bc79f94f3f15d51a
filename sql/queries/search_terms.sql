SELECT term, excluded, common, lines, titles FROM responder.search_words($1::text) ORDER BY nth
