-- +goose Up
create table meeting (
    id        text   primary key, -- 8-m1
    round     bigint not null,
    number    bigint not null,
    kind      text   not null,
    held_on   text   not null,
    items     bigint not null,
    pending   bigint not null, -- items without a decision
    closed_at bigint not null,
    version   bigint not null,
    state     text   not null
);
create unique index meeting_round on meeting (round, number);
create table meeting_item (
    meeting    text   not null,
    submission text   not null,
    finding    text   not null,
    team       text   not null,
    outcome    text   not null, -- open, resolved, deferred
    decided_at bigint not null,
    primary key (meeting, submission, finding)
);
create index meeting_item_finding on meeting_item (submission, finding);
create index consolidation_disputed on consolidation (round, disputed, organisation);

-- +goose Down
drop index consolidation_disputed;
drop table meeting_item;
drop table meeting;
