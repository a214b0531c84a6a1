-- +goose Up
-- How the office's own tables look: each a named choice of columns, heads and paper.
create table design (
    id        text   primary key,
    name      text   not null,
    withdrawn bigint not null, -- 1: no longer offered
    version   bigint not null,
    state     text   not null
);
-- What a person chose last time and finds again; no part of the record.
create table choice (
    person text   not null,
    name   text   not null, -- "export"
    value  text   not null,
    at     bigint not null,
    primary key (person, name)
);

-- +goose Down
drop table choice;
drop table design;
