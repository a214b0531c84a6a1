-- +goose Up
-- Whether the parties agree to the closing of the finding, where it has to be applied for.
alter table finding add column closing_passed bigint not null default 0;

-- +goose Down
alter table finding drop column closing_passed;
