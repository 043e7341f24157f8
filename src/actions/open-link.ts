import type { Action } from './click.ts';

/** A link button opens its link by itself, but Slack still sends the click and wants it acknowledged. */
export const openLink: Action = { id: 'open_link', async run() {} };

/** The same for Go to message, which can stand beside another link: Slack wants each id only once in a row. */
export const openMessage: Action = { id: 'open_message', async run() {} };
