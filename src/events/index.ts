import type { App } from '@slack/bolt';
import type { Vault } from '../vault/context.ts';
import { appHomeOpened } from './app-home-opened.ts';
import { appMention } from './app-mention.ts';
import { channelCreated } from './channel-created.ts';
import { channelIdChanged } from './channel-id-changed.ts';
import { directMessage } from './direct-message.ts';
import { fileChange } from './file-change.ts';
import { fileDeleted } from './file-deleted.ts';
import { fileShared } from './file-shared.ts';
import { fileUnshared } from './file-unshared.ts';
import { memberJoinedChannel } from './member-joined-channel.ts';
import { memberLeftChannel } from './member-left-channel.ts';
import { message } from './message.ts';
import { teamAccess } from './team-access.ts';
import { userChange } from './user-change.ts';

/**
 * Every Slack event that the vault listens to. A listener only writes rows: the delivery is acknowledged when
 * the listener returns, and comes again when it throws.
 */
const EVENTS = [
  message,
  directMessage,
  fileShared,
  fileChange,
  fileDeleted,
  fileUnshared,
  memberJoinedChannel,
  memberLeftChannel,
  channelCreated,
  channelIdChanged,
  userChange,
  appHomeOpened,
  appMention,
  teamAccess,
];

export function registerEvents(app: App, vault: Vault): void {
  for (const register of EVENTS) register(app, vault);
}
