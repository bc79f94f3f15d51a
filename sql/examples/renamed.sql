SELECT count(*) AS events FROM analyst.renamed;
