import type { Action } from './click.ts';

/** A link button opens its link by itself, but Slack still sends the click and wants it acknowledged. */
export const openLink: Action = { id: 'open_link', async run() {} };
