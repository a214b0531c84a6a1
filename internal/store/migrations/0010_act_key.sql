-- +goose Up
-- A key belongs to the person who sent it: two people may choose the same one.
create table act_key_of (
    key     text   not null,
    person  text   not null,
    kind    text   not null,
    id      text   not null,
    version bigint not null,
    at      bigint not null,
    primary key (key, person)
);
insert into act_key_of (key, person, kind, id, version, at) select key, person, kind, id, version, at from act_key;
drop table act_key;
alter table act_key_of rename to act_key;
create index act_key_at on act_key (at);

-- +goose Down
create table act_key_of (
    key     text   primary key,
    person  text   not null,
    kind    text   not null,
    id      text   not null,
    version bigint not null,
    at      bigint not null
);
insert into act_key_of (key, person, kind, id, version, at)
select key, max(person), max(kind), max(id), max(version), max(at) from act_key group by key;
drop table act_key;
alter table act_key_of rename to act_key;
create index act_key_at on act_key (at);
