-- +goose Up
-- What the ledger filters and counts of a finding's own life.
alter table finding add column outcome text not null default '';      -- how it ended or rests
alter table finding add column merged_into text not null default '';  -- the finding that goes on
alter table finding add column acknowledged text not null default ''; -- the organisation's position
alter table finding add column extension_pending bigint not null default 0;
alter table finding add column extensions_asked bigint not null default 0;
alter table finding add column extensions_granted bigint not null default 0;
update finding set outcome = 'rectified' where stage = 'closed';
create index finding_merged_into on finding (merged_into);
drop index finding_round_counts;
create index finding_round_counts on finding (round, organisation, team, stage, claim, organ_cadre, running, gaps, watch_person, category, kind,
    outcome, acknowledged, extension_pending, extensions_asked, extensions_granted);

-- +goose Down
drop index finding_round_counts;
create index finding_round_counts on finding (round, organisation, team, stage, claim, organ_cadre, running, gaps, watch_person, category, kind);
drop index finding_merged_into;
alter table finding drop column extensions_granted;
alter table finding drop column extensions_asked;
alter table finding drop column extension_pending;
alter table finding drop column acknowledged;
alter table finding drop column merged_into;
alter table finding drop column outcome;
