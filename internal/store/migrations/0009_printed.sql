-- +goose Up
-- Papers that were given out: with its reference and check code a paper finds the
-- version of the record it was printed from.
create table printed (
  ref     text   not null, -- as printed: "8-JT-report-1"
  code    text   not null, -- check code
  version bigint not null, -- facts of the record then
  seq     bigint not null, -- entry of the trail; 0 for none
  at      bigint not null, -- given out first
  primary key (ref, code)
);

-- +goose Down
drop table printed;
