-- Whether the document's title was among the passage's words when it was indexed: not where it was cut out of the text.
ALTER TABLE chunks ADD COLUMN titled INTEGER NOT NULL DEFAULT 1;

-- Texts in pieces of 16,384 bytes (the last is shorter): a part is read without the whole.
CREATE TABLE document_texts (
    group_id    BLOB NOT NULL,
    document_id BLOB NOT NULL,
    version_id  BLOB NOT NULL,
    start_byte  INTEGER NOT NULL,
    bytes       BLOB NOT NULL,             -- a piece may begin and end inside a character
    FOREIGN KEY (group_id, document_id, version_id) REFERENCES document_versions (group_id, document_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX document_texts_in_order ON document_texts (group_id, document_id, version_id, start_byte);

-- What stands in the column text is moved there as the database opens, one version at a time; then it is NULL for ever.
ALTER TABLE document_versions ADD COLUMN text_bytes INTEGER; -- of what was extracted; NULL until then

-- A version whose content is still to be fetched has the status 'fetching': until then its hash is that of the address,
-- and its media type a guess.

-- What waits or is worked at, by group: groups take turns. Every add and every claim walks it, and reads nothing else.
DROP INDEX document_versions_unfinished;
CREATE INDEX document_versions_unfinished ON document_versions (status, group_id, attempt, id, size, lease_token)
    WHERE status IN ('queued', 'fetching', 'extracting', 'indexing');
CREATE INDEX document_versions_leased ON document_versions (group_id, status) WHERE lease_token IS NOT NULL;
-- Versions that may have passages and do not serve: searches leave these out.
CREATE INDEX document_versions_in_parts ON document_versions (group_id, document_id, id)
    WHERE text_bytes IS NOT NULL AND status IN ('queued', 'indexing');
-- Who brings a content again is shown where it stands, or where it failed.
CREATE INDEX document_versions_hashes ON document_versions (group_id, hash);
-- Who names an address again is shown what came from there.
CREATE INDEX document_versions_addresses ON document_versions (group_id, source_url) WHERE source_url IS NOT NULL;
