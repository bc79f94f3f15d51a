SELECT evidence.fold_deltas($1::bigint)
