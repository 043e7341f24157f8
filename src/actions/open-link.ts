import type { Action } from './click.ts';

/** A link button opens its link by itself, but Slack tells of the click all the same and wants it acknowledged. */
export const openLink: Action = { id: 'open_link', async run() {} };
