/**
 * Writes `manifest.json`, which Slack's command line reads, `manifest.http.json`, the app without Socket Mode,
 * `manifest.join.json`, the app that may join channels, and `manifest.org.json`, the app for a whole organisation, from
 * `manifest.yml`: `npm run docs:manifests`. A test says so when they are out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Where Slack sends everything in HTTP mode. People put their host there. */
export const REQUEST_URL = 'https://your-host/slack/events';

const at = (path: string) => new URL(`../${path}`, import.meta.url);

/** The files as they should be, by name. */
export function manifests(): Record<string, string> {
  const manifest = parse(readFileSync(at('manifest.yml'), 'utf8'));
  return {
    'manifest.json': asJson(manifest),
    'manifest.http.json': asJson(overHttp(manifest)),
    'manifest.join.json': asJson(joining(manifest)),
    'manifest.org.json': asJson(ofOrganisation(manifest)),
  };
}

/** What VAULT_JOIN and the button Join need besides: a scope, and the event that a public channel was made. */
export const JOINING = { scope: 'channels:join', event: 'channel_created' } as const;

// biome-ignore lint/suspicious/noExplicitAny: a manifest is whatever the YAML holds.
function joining(manifest: any): unknown {
  const { oauth_config, settings } = manifest;
  const { scopes } = oauth_config;
  const { event_subscriptions } = settings;
  return {
    ...manifest,
    oauth_config: { ...oauth_config, scopes: { ...scopes, bot: [...scopes.bot, JOINING.scope] } },
    settings: {
      ...settings,
      event_subscriptions: {
        ...event_subscriptions,
        bot_events: [...event_subscriptions.bot_events, JOINING.event],
      },
    },
  };
}

/** The events that say to which workspaces an organisation added the app. They need no scope. */
export const ORGANISATION_EVENTS = ['team_access_granted', 'team_access_revoked'] as const;

/** Source: docs.slack.dev/reference/app-manifest, `settings.org_deploy_enabled`. */
// biome-ignore lint/suspicious/noExplicitAny: a manifest is whatever the YAML holds.
function ofOrganisation(manifest: any): unknown {
  const { settings } = manifest;
  const { event_subscriptions } = settings;
  const bot_events = [...event_subscriptions.bot_events, ...ORGANISATION_EVENTS];
  return {
    ...manifest,
    settings: {
      ...settings,
      org_deploy_enabled: true,
      event_subscriptions: { ...event_subscriptions, bot_events },
    },
  };
}

/** Source of the fields: docs.slack.dev/reference/app-manifest. */
// biome-ignore lint/suspicious/noExplicitAny: a manifest is whatever the YAML holds.
function overHttp(manifest: any): unknown {
  const { features, settings } = manifest;
  return {
    ...manifest,
    features: {
      ...features,
      slash_commands: features.slash_commands.map(({ command, ...rest }: { command: string }) => ({
        command,
        url: REQUEST_URL,
        ...rest,
      })),
    },
    settings: {
      ...settings,
      event_subscriptions: { request_url: REQUEST_URL, ...settings.event_subscriptions },
      interactivity: { ...settings.interactivity, request_url: REQUEST_URL },
      socket_mode_enabled: false,
    },
  };
}

const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

if (import.meta.main) for (const [path, text] of Object.entries(manifests())) writeFileSync(at(path), text);
