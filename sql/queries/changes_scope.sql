-- With which configuration a scope is correlated, and whether it is another one than at a publication.
SELECT encode(config_digest, 'hex'), configured > $2::bigint
FROM correlate.publication WHERE scope = $1::text
