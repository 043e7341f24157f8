import { UserError } from '../errors.ts';
import { COMMAND } from '../text/handles.ts';

export const badExportWords = () =>
  new UserError(
    'bad_format',
    `Say \`${COMMAND} export csv\` or \`${COMMAND} export ndjson\`, and at most one channel.`,
  );

export const exportUnderWay = () =>
  new UserError(
    'export_under_way',
    'This export is being made for you already. It comes to you when it is ready.',
  );

export const tooManyExports = (most: number) =>
  new UserError(
    'too_many_exports',
    `That makes more than ${most} exports in 24 hours. Please ask again tomorrow.`,
  );

/** The same words for an export that does not exist and for somebody else's. */
export const noSuchExport = () =>
  new UserError('no_such_export', 'There is no such export, or it is not yours to have.');

export const exportGone = () =>
  new UserError('export_gone', 'This export has been removed again. Ask for a new one.');
