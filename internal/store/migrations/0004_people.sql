-- +goose Up
-- A deputy's post names whose post it stands for; '' for one held in one's own right.
alter table post add column deputises text not null default ''; -- person ID of the principal
alter table post add column deputises_name text not null default '';
alter table post add column deputises_post text not null default '';
alter table post add column deputises_reason text not null default '';
create index post_deputises on post (deputises);

create table recusal (
    id           text   primary key,
    round        bigint not null,
    organisation text   not null,
    team         text   not null,
    person       text   not null,
    party        text   not null,
    convenes     text   not null, -- the party that orders and lifts
    applies      bigint not null, -- 1 until it is lifted
    version      bigint not null,
    state        text   not null
);
create index recusal_round on recusal (round, organisation, person);

-- +goose Down
drop table recusal;
drop index post_deputises;
alter table post drop column deputises_reason;
alter table post drop column deputises_post;
alter table post drop column deputises_name;
alter table post drop column deputises;
