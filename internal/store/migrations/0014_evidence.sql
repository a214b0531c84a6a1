-- +goose Up
-- The evidence of findings, one row per piece: as the organisation has it now
-- (sent 0) and as it was last sent (sent 1). Made from the records by the program,
-- at the first start too (evidence_project.go); not part of a backup.
create table evidence (
    finding      text   not null,
    sent         bigint not null,
    id           text   not null,
    position     bigint not null,
    round        bigint not null,
    organisation text   not null,
    team         text   not null,
    name         text   not null,
    doc_number   text   not null,
    doc_date     text   not null, -- "2026-03-31"; '' for none
    issuer       text   not null,
    sha256       text   not null, -- '' where the document is only named
    size         bigint not null,
    media        text   not null,
    versions     bigint not null, -- of the file
    primary key (finding, sent, id)
);
create index evidence_round on evidence (round, sent, finding, position);
create index evidence_sha256 on evidence (sha256);
create index evidence_doc_number on evidence (doc_number, round);

-- What the virus scanner said of the bytes of a file. Bytes without a row were
-- kept while no scanner was set.
create table scan (
    sha256 text   primary key,
    said   text   not null check (said in ('clean', 'infected', 'awaiting')),
    found  text   not null, -- name of what was found
    name   text   not null, -- of the file, as uploaded when it was asked about first
    person text   not null, -- who uploaded it then
    at     bigint not null  -- asked last
);
create index scan_said on scan (said, at);

-- +goose Down
drop table scan;
drop table evidence;
