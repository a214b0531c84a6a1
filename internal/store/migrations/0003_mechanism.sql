-- +goose Up
-- Ways to review that this installation has published. The state holds every
-- version whole; versions counts them.
create table mechanism (
    id       text   primary key,
    versions bigint not null,
    version  bigint not null,
    state    text   not null
);

-- +goose Down
drop table mechanism;
