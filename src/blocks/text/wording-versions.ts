/** Every sentence about the versions of a file. Arguments are mrkdwn unless the comment says plain. */

export const versions = {
  title: 'Versions',
  line: (number: number, moment: string, size: string) => `*${number}* · ${moment} · ${size}`,
  /** Plain. */
  plainLine: (number: number, moment: string, size: string) => `${number} · ${moment} · ${size}`,
  /** Plain: above the menu of the versions that have no button. */
  earlier: 'Download an earlier version',
  range: (newest: number, oldest: number) => `${newest} to ${oldest}`,
  newest: (line: string) => `${line} · the newest`,
  lost: 'An older version was missing or damaged in the bucket; Slack does not have it any more',
  /** Plain. */
  downloadLabel: (number: number, plainName: string) => `Download version ${number} of ${plainName}`,
};
