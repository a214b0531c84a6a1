-- +goose Up
-- open: the parties see one another's verdicts at once, because the document is not
-- reviewed blind. A verdict that was taken back has the conclusion ''.
alter table submission add column open bigint not null default 0;

-- Who had which finding of which submission on the screen: "no objection" to many
-- findings at once is possible only after each has been opened.
create table opened (
    person     text   not null references person (id),
    submission text   not null,
    finding    text   not null,
    at         bigint not null, -- the first time
    primary key (person, submission, finding)
);

-- +goose Down
drop table opened;
alter table submission drop column open;
