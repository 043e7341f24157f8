/** What people read about how much the vault holds. Arguments are safe mrkdwn unless the comment says plain. */

import { COMMAND } from '../../text/handles.ts';
import { common, count } from './wording.ts';

export const stats = {
  title: '*What is saved*',
  text: (files: number, size: string) => `${count(files, 'file')} saved (${size}).`,
  visible: (files: number, size: string) => `*${count(files, 'file')} · ${size}* in channels you can see`,
  whole: (files: number, size: string) => `*${count(files, 'file')} · ${size}* in the whole workspace`,
  trash: (files: number, size: string) => `and ${count(files, 'file')} (${size}) in the trash`,
  yours: (files: number, size: string) => `You uploaded ${count(files, 'file')} (${size}).`,
  nothing: ':open_file_folder: No files that you can see are saved yet.',
  nothingHint: 'Drop a file into a channel that I am in.',
  thisMonth: (month: string, files: number, size: string) =>
    `${month} so far: ${count(files, 'file')} (${size})`,
  lastMonth: (month: string, files: number, size: string) => `${month}: ${count(files, 'file')} (${size})`,
  /** Plain. */
  pictureTitle: 'Growth by month',
  /** Plain. */
  pictureLabel: (months: string) => `Bars that show how much was saved at the end of each month: ${months}`,
  /** Plain. */
  pictureMonth: (month: string, size: string) => `${month} ${size}`,
  growth: '*Growth by month*',
  types: '*By type*',
  channels: '*By channel*',
  people: '*By person*',
  largest: 'the five largest',
  more: `More in \`${COMMAND} stats\``,
  line: (name: string, files: number, size: string) => `• ${name} · ${count(files, 'file')} · ${size}`,
  unknownType: 'unknown type',
  alone: 'for you alone',
  directMessage: 'your direct messages with me',
  elsewhere: 'Channels that you can’t see are in the sums, but not listed.',
  cost: (dollars: string) => `*About ${dollars} a month*`,
  costsNothing: '*Less than $0.01 a month*',
  formula: (o: { gigabytes: string; perGb: string; files: number; perThousand: string }) =>
    `${o.gigabytes} GB × ${o.perGb} + ${count(o.files, 'new file')} × ${o.perThousand} / 1,000 requests`,
  listPrice: 'S3 Standard’s list price in us-east-1 (aws.amazon.com/s3/pricing), without downloads',
  ownPrice: '`VAULT_PRICE_PER_GB`; requests at S3 Standard’s list price in us-east-1, without downloads',
  hint: common.joined(['Each file counts once', 'months are in UTC']),
};

/** `$1,204.50`; small prices have as many digits as they need. */
export function dollars(amount: number, digits = 2): string {
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: digits })}`;
}
