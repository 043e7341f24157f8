/** The variants of manifest.yml: the sandbox runs the app as they have it, and tools/manifests.ts writes them down. */
import type { Manifest } from './slack/types.ts';

/** What VAULT_JOIN and the button Join need besides: a scope, and the event that a public channel was made. */
export const JOINING = { scope: 'channels:join', event: 'channel_created' } as const;

/** The events that say to which workspaces an organisation added the app. They need no scope. */
export const ORGANISATION_EVENTS = ['team_access_granted', 'team_access_revoked'] as const;

/** The app that may join channels. */
export function thatJoins(manifest: Manifest): Manifest {
  const { oauth_config } = manifest;
  const bot = [...(oauth_config?.scopes?.bot ?? []), JOINING.scope];
  return {
    ...manifest,
    oauth_config: { ...oauth_config, scopes: { ...oauth_config?.scopes, bot } },
    settings: withEvents(manifest, [JOINING.event]),
  };
}

/** The app for a whole organisation. Source: docs.slack.dev/reference/app-manifest, `settings.org_deploy_enabled`. */
export function forOrganisation(manifest: Manifest): Manifest {
  return {
    ...manifest,
    settings: { ...withEvents(manifest, ORGANISATION_EVENTS), org_deploy_enabled: true },
  };
}

function withEvents({ settings }: Manifest, more: readonly string[]): NonNullable<Manifest['settings']> {
  const { event_subscriptions } = settings ?? {};
  const bot_events = [...(event_subscriptions?.bot_events ?? []), ...more];
  return { ...settings, event_subscriptions: { ...event_subscriptions, bot_events } };
}
