import { UserError } from '../errors.ts';
import { COMMAND } from '../text/handles.ts';

export const badExportWords = () =>
  new UserError(
    'bad_format',
    `Say \`${COMMAND} export csv\` or \`${COMMAND} export ndjson\`, and at most one channel.`,
  );

export const exportUnderWay = () =>
  new UserError('export_under_way', 'This export is being made for you already.');

export const tooManyExports = (most: number) =>
  new UserError(
    'too_many_exports',
    `That makes more than ${most} exports in 24 hours. Please ask again tomorrow.`,
  );

/** The ids of the files would not fit into the order. */
export const tooManyOfThatName = (most: number) =>
  new UserError(
    'too_many_files',
    `More than ${most.toLocaleString('en-US')} files have that name. Type more of it, then export.`,
  );

export const tooCommonName = () =>
  new UserError('too_many_files', 'Too many files have a name like that. Type more of it.');

/** The same words for an export that does not exist and for somebody else's. */
export const noSuchExport = () =>
  new UserError('no_such_export', 'There is no such export, or it is not yours.');

export const exportGone = () =>
  new UserError('export_gone', 'This export is no longer there. Please make a new one.');

export const overseersOnly = () =>
  new UserError(
    'overseers_only',
    'Only people in VAULT_ADMINS or VAULT_AUDITORS may have a list of everything. For one channel, leave out “all”.',
  );
