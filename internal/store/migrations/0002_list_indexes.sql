-- +goose Up
-- Each order of the ledger reads one index from end to end: what a filter asks stands
-- in it, so that only the rows of the page are fetched. A status in the common order
-- has an index of its own.
drop index finding_round_due;
drop index finding_round_stage;
drop index finding_round_running;
create index finding_round_due on finding (round, due, id, stage, claim, organisation, category, kind, organ_cadre);
create index finding_round_running on finding (round, running, id, stage, claim, organisation, category, kind, organ_cadre);
create index finding_round_stage on finding (round, stage, running, id);
create index finding_round_stage_number on finding (round, stage, id);

-- +goose Down
drop index finding_round_stage_number;
drop index finding_round_stage;
drop index finding_round_running;
drop index finding_round_due;
create index finding_round_due on finding (round, due, id);
create index finding_round_stage on finding (round, stage, due, id);
create index finding_round_running on finding (round, running, id);
