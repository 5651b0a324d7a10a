-- The newest status list of each other office whose passes are seen at gates of this one: as it was signed, in Base64.
CREATE TABLE office_lists (
    office BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    list TEXT NOT NULL
);
