-- +goose Up
-- Each record keeps its whole state as JSON (state) and, beside it, the columns
-- that lists filter and sort by. Both are written from one value; see record.go.
create table organisation (
    id      text   primary key,
    parent  text   not null,
    name    text   not null, -- today's; earlier ones are in state
    short   text   not null,
    version bigint not null,
    state   text   not null
);

create table body (
    id      text   primary key,
    name    text   not null,
    short   text   not null,
    team    bigint not null, -- 1 for an inspection team
    version bigint not null,
    state   text   not null
);

create table person (
    id       text   primary key,
    username text   not null unique,
    name     text   not null,
    disabled bigint not null,
    version  bigint not null,
    state    text   not null
);
create table post (
    id           text not null,
    person       text not null references person (id),
    role         text not null,
    body         text not null,
    organisation text not null,
    title        text not null,
    since        text not null, -- "2026-03-31"
    until        text not null, -- last day; '' for open
    primary key (person, id)
);
create index post_organisation on post (organisation);
create index post_body on post (body);

-- Secrets and sign-in state: never part of a record or of the trail.
create table credential (
    person      text   primary key references person (id),
    hash        text   not null, -- argon2id, encoded
    must_change bigint not null  -- 1 for an initial password
);
-- Failed sign-ins by username, whether somebody has it or not: what is kept, and
-- how long it takes, must not tell which usernames exist.
create table sign_in (
    username  text   primary key, -- SHA-256 of the username, hex
    failures  bigint not null,
    failed_at bigint not null -- the last one; microseconds since 1970-01-01 UTC
);
create index sign_in_failed_at on sign_in (failed_at);
create table session (
    token      text   primary key, -- SHA-256 of the cookie, hex
    person     text   not null references person (id),
    post       text   not null,
    created_at bigint not null,
    seen_at    bigint not null
);
create index session_person on session (person);
create index session_created_at on session (created_at);
create table api_token (
    id         text   primary key,
    token      text   not null unique, -- SHA-256, hex
    person     text   not null references person (id),
    post       text   not null,
    name       text   not null,
    scope      text   not null check (scope in ('read', 'act')),
    created_at bigint not null,
    expires_at bigint not null, -- 0 for never
    used_at    bigint not null,
    revoked_at bigint not null -- 0 while valid
);
create index api_token_person on api_token (person);

create table round (
    id          text   primary key, -- the number
    number      bigint not null unique,
    name        text   not null,
    feedback_on text   not null,
    version     bigint not null,
    state       text   not null
);
create table round_organisation (
    round        bigint not null,
    organisation text   not null,
    team         text   not null,
    position     bigint not null,
    primary key (round, organisation)
);
create index round_organisation_organisation on round_organisation (organisation);
create index round_organisation_team on round_organisation (team);

create table finding (
    id               text   primary key, -- the number
    serial           bigint not null unique, -- trail entry that registered it; key of the text index
    round            bigint not null,
    organisation     text   not null,
    team             text   not null,
    title            text   not null, -- the text as fed back
    category         text   not null,
    aspect           text   not null,
    kind             text   not null,
    organ_cadre      bigint not null,
    leader           text   not null,
    section          text   not null,
    handler          text   not null,
    watch_body       text   not null,
    watch_section    text   not null,
    watch_person     text   not null,
    watch_number     text   not null,
    due              text   not null, -- "2026-03-31"; '' for none
    running          text   not null, -- the same while the deadline runs, else ''
    stage            text   not null,
    claim            text   not null,
    measures         bigint not null,
    evidence         bigint not null,
    gaps             bigint not null,
    last_report      text   not null,
    changed_at       bigint not null,
    version          bigint not null,
    state            text   not null
);
create index finding_round_number on finding (round, id);
create index finding_round_due on finding (round, due, id);
create index finding_round_stage on finding (round, stage, due, id);
create index finding_round_organisation on finding (round, organisation, id);
create index finding_round_running on finding (round, running, id);
create index finding_organisation on finding (organisation, id);
create index finding_last_report on finding (last_report, id);
-- What the counts of a round read, without touching the rows.
create index finding_round_counts on finding (round, organisation, team, stage, claim, organ_cadre, running, gaps, watch_person, category, kind);

create table submission (
    id           text   primary key,
    round        bigint not null,
    organisation text   not null,
    team         text   not null,
    doc          text   not null,
    number       bigint not null,
    stage        text   not null,
    sent_at      bigint not null, -- 0 before
    delivered_at bigint not null, -- 0 before
    received_at  bigint not null,
    answer_by    text   not null,
    findings     bigint not null,
    version      bigint not null,
    state        text   not null
);
create index submission_round on submission (round, organisation, doc, number);
create index submission_stage on submission (stage, round);
create table submission_item (
    submission text   not null,
    finding    text   not null,
    position   bigint not null,
    item       text   not null, -- JSON
    primary key (submission, finding)
);

create table verdict (
    id           text   primary key,
    submission   text   not null,
    finding      text   not null,
    round        bigint not null,
    organisation text   not null,
    team         text   not null,
    party        text   not null,
    conclusion   text   not null,
    on_site      bigint not null,
    survey       bigint not null,
    at           bigint not null,
    version      bigint not null,
    state        text   not null
);
create index verdict_submission on verdict (submission, finding, party);
create index verdict_finding on verdict (finding, submission);
create index verdict_round on verdict (round, organisation, party);

create table opinion (
    id           text   primary key,
    submission   text   not null,
    finding      text   not null,
    round        bigint not null,
    organisation text   not null,
    team         text   not null,
    party        text   not null,
    kind         text   not null,
    criterion    text   not null,
    stage        text   not null,
    at           bigint not null,
    version      bigint not null,
    state        text   not null
);
create index opinion_submission on opinion (submission, finding, party);
create index opinion_finding on opinion (finding, at);
create index opinion_round on opinion (round, organisation, stage, party, kind);

create table consolidation (
    id           text   primary key,
    submission   text   not null,
    finding      text   not null,
    round        bigint not null,
    organisation text   not null,
    team         text   not null,
    conclusion   text   not null,
    disputed     bigint not null,
    entries      bigint not null,
    unanswered   bigint not null,
    version      bigint not null,
    state        text   not null
);
create index consolidation_submission on consolidation (submission, finding);
create index consolidation_round on consolidation (round, organisation, unanswered);
create index consolidation_finding on consolidation (finding);

-- What somebody was writing when the page went away. Not part of the record.
create table draft (
    person text   not null references person (id),
    form   text   not null, -- which form: "review:8-JT-report-1:08-JT-001"
    fields text   not null, -- urlencoded
    at     bigint not null,
    primary key (person, form)
);

-- An act whose answer got lost is repeated under the same key and done once.
create table act_key (
    key     text   primary key,
    person  text   not null,
    kind    text   not null,
    id      text   not null,
    version bigint not null,
    at      bigint not null
);
create index act_key_at on act_key (at);

create table trail (
    seq       bigint primary key,
    at        bigint not null, -- microseconds since 1970-01-01 UTC
    actor     text   not null,
    acted_for text   not null,
    kind      text   not null,
    id        text   not null,
    event     text   not null,
    body      text   not null, -- JSON of the event, byte for byte as hashed
    leaf      text   not null  -- hash of the entry, hex
);
create index trail_record on trail (kind, id, seq);
create table trail_head (
    one  bigint primary key check (one = 1),
    size bigint not null,
    edge text   not null, -- right edge of the tree
    root text   not null
);
insert into trail_head (one, size, edge, root)
values (1, 0, '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');

create table setting (
    name  text primary key,
    value text not null
);

-- +goose Down
drop table setting;
drop table trail_head;
drop table trail;
drop table act_key;
drop table draft;
drop table consolidation;
drop table opinion;
drop table verdict;
drop table submission_item;
drop table submission;
drop table finding;
drop table round_organisation;
drop table round;
drop table api_token;
drop table session;
drop table sign_in;
drop table credential;
drop table post;
drop table person;
drop table body;
drop table organisation;
