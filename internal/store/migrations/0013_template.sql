-- +goose Up
-- What official documents are made from: for each kind of document the files an
-- installation has taken in and which is in force. The bytes lie beside, by their
-- SHA-256 and as base64, so that a backup holds them and no file store need know them.
create table template (
  id       text   primary key, -- code of the kind of document
  files    bigint not null,    -- how many
  in_force bigint not null,    -- number; 0 for the program's own
  version  bigint not null,
  state    text   not null
);

create table template_file (
  sha256 text   primary key,
  size   bigint not null,
  data   text   not null
);

-- +goose Down
drop table template_file;
drop table template;
