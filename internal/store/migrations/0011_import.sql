-- +goose Up
-- Ledgers that came in, what they did to which finding, and how files are read.
create table import (
    id      text   primary key,
    round   bigint not null,
    number  bigint not null,
    at      bigint not null,
    sha256  text   not null, -- of the file, which lies in the evidence store
    added   bigint not null,
    updated bigint not null,
    same    bigint not null,
    version bigint not null,
    state   text   not null
);
create unique index import_round on import (round, number);
create index import_sha256 on import (sha256);

create table import_finding (
    import  text not null references import (id),
    finding text not null,
    did     text not null, -- add, update or leave
    primary key (import, finding)
);
create index import_finding_finding on import_finding (finding);

create table layouts (
    id      text   primary key, -- organisation, or all
    version bigint not null,
    state   text   not null
);

create table headings (
    id      text   primary key,
    version bigint not null,
    state   text   not null
);

-- +goose Down
drop table headings;
drop table layouts;
drop table import_finding;
drop table import;
