/**
 * Writes `manifest.json`, which Slack's command line reads, `manifest.http.json`, the app without Socket Mode,
 * `manifest.join.json`, the app that may join channels, and `manifest.org.json`, the app for a whole organisation, from
 * `manifest.yml`: `npm run docs:manifests`. A test says so when they are out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { forOrganisation, thatJoins } from '../sandbox/manifests.ts';

/** Where Slack sends everything in HTTP mode. People put their host there. */
export const REQUEST_URL = 'https://your-host/slack/events';

const at = (path: string) => new URL(`../${path}`, import.meta.url);

/** The files as they should be, by name. */
export function manifests(): Record<string, string> {
  const manifest = parse(readFileSync(at('manifest.yml'), 'utf8'));
  return {
    'manifest.json': asJson(manifest),
    'manifest.http.json': asJson(overHttp(manifest)),
    'manifest.join.json': asJson(thatJoins(manifest)),
    'manifest.org.json': asJson(forOrganisation(manifest)),
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
