import { bucket } from './bucket.ts';
import { channelFaults } from './channels.ts';
import { hostileDocuments } from './documents.ts';
import { hostile } from './hostile.ts';
import { imports } from './imports.ts';
import { kills } from './kills.ts';
import { machine } from './machine.ts';
import { mailKills } from './mails.ts';
import { organisation } from './organisation.ts';
import { passing } from './passing.ts';
import { postgresServer } from './postgres.ts';
import type { Scenario } from './scenario.ts';
import { slackApi } from './slack-api.ts';
import { slackEvents } from './slack-events.ts';
import { slackFiles } from './slack-files.ts';
import { versionKills } from './versions.ts';

/** Every fault that the vault must survive, in the order in which they are printed. */
export const SCENARIOS: Scenario[] = [
  ...kills,
  ...versionKills,
  ...mailKills,
  ...imports,
  ...bucket,
  ...slackApi,
  ...slackFiles,
  ...slackEvents,
  ...channelFaults,
  ...organisation,
  ...postgresServer,
  ...machine,
  ...passing,
  ...hostile,
  ...hostileDocuments,
];
