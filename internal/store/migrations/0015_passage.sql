-- +goose Up
-- What can be found by its words: one row for every text of a record that has readers
-- of its own. It is made from the records and made anew after a restore.
create table passage (
    serial       bigint primary key,
    kind         text   not null, -- finding, draft, report, opinion, letter, evidence
    id           text   not null, -- within the kind
    finding      text   not null,
    submission   text   not null,
    round        bigint not null,
    organisation text   not null,
    team         text   not null,
    party        text   not null,
    sent         bigint not null, -- 0: for its organisation and the office only
    number       text   not null, -- folded number it is known by
    sha256       text   not null, -- of a file
    media        text   not null, -- its type
    unread       bigint not null, -- 1: nobody has taken the text out of the file yet
    head         text   not null, -- what is shown as its name
    body         text   not null, -- what is shown
    folded       text   not null  -- what is searched
);
create unique index passage_of on passage (kind, id);
create index passage_number on passage (number) where number <> '';
create index passage_file on passage (sha256) where sha256 <> '';
create index passage_unread on passage (serial) where unread = 1;
create index passage_finding on passage (finding);

-- The text of evidence files, by content.
create table file_text (
    sha256 text   primary key,
    state  text   not null, -- whole, cut, none, failed
    reason text   not null, -- why there is no text
    pages  bigint not null,
    body   text   not null,
    at     bigint not null
);
drop table if exists finding_search;

-- +goose Down
drop table file_text;
drop table if exists passage_search;
drop table passage;
