-- A secret of a tool source may stand in the query of each request. The column "header" has the parameter's name then.

ALTER TABLE tool_sources ADD COLUMN secret_place TEXT NOT NULL DEFAULT 'header'; -- header, query

-- Titles as searches compare them. The engine folds the case of ASCII only: the server folds the rest as it opens the
-- database, and every title that is written from now on.

ALTER TABLE threads ADD COLUMN title_folded TEXT;   -- null until it is folded
ALTER TABLE documents ADD COLUMN title_folded TEXT; -- null until it is folded

UPDATE threads SET title_folded = LOWER(title) WHERE LENGTH(title) = LENGTH(CAST(title AS BLOB));
UPDATE documents SET title_folded = LOWER(title) WHERE LENGTH(title) = LENGTH(CAST(title AS BLOB));

CREATE INDEX threads_unfolded ON threads (group_id, id) WHERE title_folded IS NULL;
CREATE INDEX documents_unfolded ON documents (group_id, id) WHERE title_folded IS NULL;
