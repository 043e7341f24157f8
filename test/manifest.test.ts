import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { JOINING, ORGANISATION_EVENTS } from '../sandbox/manifests.ts';
import { SHORTCUTS } from '../src/actions/shortcuts.ts';
import { COMMANDS } from '../src/commands/index.ts';
import { registerEvents } from '../src/events/index.ts';
import { BOT_SCOPES, JOIN_SCOPES, missingScopes, OPTIONAL_BOT_SCOPES } from '../src/slack/scopes.ts';
import { BOT_HANDLE } from '../src/text/handles.ts';
import type { Vault } from '../src/vault/context.ts';
import { manifests, REQUEST_URL } from '../tools/manifests.ts';

const root = resolve(import.meta.dirname, '..');
const manifest = parse(readFileSync(join(root, 'manifest.yml'), 'utf8'));
const events: string[] = manifest.settings.event_subscriptions.bot_events;
const scopes: string[] = manifest.oauth_config.scopes.bot;
const optional: string[] = manifest.oauth_config.scopes.bot_optional;

/** The scope that each event needs before Slack sends it. Source: docs.slack.dev/reference/events. */
const EVENT_SCOPE: Record<string, string | null> = {
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
  'message.mpim': 'mpim:history',
  file_shared: 'files:read',
  file_change: 'files:read',
  file_deleted: 'files:read',
  file_unshared: 'files:read',
  member_joined_channel: 'channels:read',
  member_left_channel: 'channels:read',
  channel_left: 'channels:read',
  group_left: 'groups:read',
  channel_created: 'channels:read',
  channel_id_changed: 'channels:read',
  user_change: 'users:read',
  app_home_opened: null,
  app_mention: 'app_mentions:read',
};

/** The scope that each Web API method needs. Source: the methods' pages at docs.slack.dev/reference/methods. */
const METHOD_SCOPES: Record<string, string[]> = {
  'auth.test': [],
  'bookmarks.add': ['bookmarks:write'],
  'bookmarks.list': ['bookmarks:read'],
  'bookmarks.remove': ['bookmarks:write'],
  'bots.info': ['users:read'],
  'chat.delete': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  'conversations.info': ['channels:read', 'groups:read', 'mpim:read'],
  'conversations.join': ['channels:join'],
  'conversations.list': ['channels:read'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  'files.info': ['files:read'],
  'files.list': ['files:read'],
  'reactions.add': ['reactions:write'],
  'slackLists.download.get': ['lists:read'],
  'slackLists.download.start': ['lists:read'],
  // Source: docs.slack.dev/reference/methods/conversations.members.
  'conversations.members': ['channels:read', 'groups:read', 'mpim:read', 'im:read'],
  'users.conversations': ['channels:read', 'groups:read', 'mpim:read', 'im:read'],
  // "No scopes required" (docs.slack.dev/reference/methods/auth.teams.list).
  'auth.teams.list': [],
  'users.info': ['users:read'],
  'users.list': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

/**
 * Web API methods that the bot calls, found in the source text. The rehearsal is not counted: it does what the bot's
 * scopes allow, and more only where somebody gave it more. Nor are the names of an archive's files (`users.json`).
 */
function methodsCalled(): string[] {
  const rehearsal = join(root, 'src/rehearse');
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.startsWith(rehearsal),
  );
  const found = files.flatMap((entry) => {
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    return [
      ...text.matchAll(
        /'((?:auth|bookmarks|chat|conversations|files|reactions|slackLists|users|views|team|bots|pins)\.(?!csv'|json')[a-zA-Z.]+)'/g,
      ),
    ].map(([, method]) => method as string);
  });
  return [...new Set(found)].sort();
}

describe('the manifest', () => {
  it('subscribes to exactly the events that the code listens to', () => {
    const listened = new Set<string>();
    const app = { event: (name: string) => void listened.add(name) };
    registerEvents(app as never, {} as Vault);
    const subscribed = [...events, JOINING.event, ...ORGANISATION_EVENTS].map((event) =>
      event.replace(/^message\..*/, 'message'),
    );
    expect([...new Set(subscribed)].sort()).toEqual([...listened].sort());
  });

  it('asks for exactly the scopes that its events and the code’s calls need', () => {
    const methods = methodsCalled();
    expect(methods).toEqual(Object.keys(METHOD_SCOPES).sort());
    const needed = new Set([
      'commands',
      ...events.flatMap((event) => EVENT_SCOPE[event] ?? []),
      ...methods.flatMap((method) => METHOD_SCOPES[method] ?? []),
    ]);
    expect(events.filter((event) => EVENT_SCOPE[event] === undefined)).toEqual([]);
    expect([...scopes, ...optional, JOINING.scope].sort()).toEqual([...needed].sort());
    expect(Object.keys(JOIN_SCOPES)).toEqual([JOINING.scope]);
    expect([...scopes].sort()).toEqual(Object.keys(BOT_SCOPES).sort());
    expect([...optional].sort()).toEqual(Object.keys(OPTIONAL_BOT_SCOPES).sort());
  });

  it('has the one slash command, with a short hint that is true', () => {
    const [command, ...others] = manifest.features.slash_commands;
    expect(others).toEqual([]);
    expect(command).toMatchObject({ command: '/vault', should_escape: true });
    const named = command.usage_hint.replace('[words] or ', '').split(', ');
    expect(COMMANDS.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
    expect(command.usage_hint.length).toBeLessThanOrEqual(40);
  });

  it('has exactly the shortcuts that the code answers', () => {
    const shortcuts: Array<Record<string, string>> = manifest.features.shortcuts;
    expect(shortcuts.map(({ callback_id }) => callback_id).sort()).toEqual(
      SHORTCUTS.map(({ id }) => id).sort(),
    );
    for (const { name, description } of shortcuts) {
      expect(name?.length).toBeLessThanOrEqual(24);
      expect(description?.length).toBeLessThanOrEqual(150);
    }
  });

  it('keeps the lengths that Slack allows', () => {
    const { name, description, long_description, background_color } = manifest.display_information;
    expect(name.length).toBeLessThanOrEqual(35);
    expect(description.length).toBeLessThanOrEqual(140);
    expect(long_description.length).toBeGreaterThanOrEqual(175);
    expect(long_description.length).toBeLessThanOrEqual(4_000);
    expect(background_color).toMatch(/^#[0-9a-f]{6}$/i);
    expect(manifest.features.bot_user.display_name).toMatch(/^[a-z0-9._-]{1,80}$/);
    expect(manifest.features.bot_user.display_name).toBe(BOT_HANDLE);
  });

  it('switches on what the code relies on', () => {
    expect(manifest.features.app_home.home_tab_enabled).toBe(true);
    expect(manifest.settings.interactivity.is_enabled).toBe(true);
    expect(manifest.settings.socket_mode_enabled).toBe(true);
  });
});

describe('the manifests in JSON', () => {
  const made = manifests();

  it.each(Object.entries(made))('%s is what npm run docs:manifests makes', (path, text) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  });

  it('manifest.json is the same app', () => {
    expect(JSON.parse(made['manifest.json'] as string)).toEqual(manifest);
  });

  it('manifest.join.json differs in one scope and one event', () => {
    const join = JSON.parse(made['manifest.join.json'] as string);
    const { bot } = join.oauth_config.scopes;
    const { bot_events } = join.settings.event_subscriptions;
    expect([bot.pop(), bot_events.pop()]).toEqual(['channels:join', 'channel_created']);
    expect(join).toEqual(manifest);
  });

  it('manifest.org.json differs in two events, and a whole organisation may install it', () => {
    const org = JSON.parse(made['manifest.org.json'] as string);
    const { bot_events } = org.settings.event_subscriptions;
    expect(bot_events.splice(-2)).toEqual(['team_access_granted', 'team_access_revoked']);
    expect(org.settings.org_deploy_enabled).toBe(true);
    org.settings.org_deploy_enabled = false;
    expect(org).toEqual(manifest);
  });

  it('manifest.http.json differs in nothing but how Slack reaches the bot', () => {
    const http = JSON.parse(made['manifest.http.json'] as string);
    const { features, settings } = http;
    const addresses = [
      ...features.slash_commands.map(({ url }: { url: string }) => url),
      settings.event_subscriptions.request_url,
      settings.interactivity.request_url,
    ];
    expect(addresses).toEqual([REQUEST_URL, REQUEST_URL, REQUEST_URL]);
    expect(settings.socket_mode_enabled).toBe(false);
    for (const place of [...features.slash_commands, settings.event_subscriptions, settings.interactivity])
      for (const name of ['url', 'request_url']) delete place[name];
    settings.socket_mode_enabled = true;
    expect(http).toEqual(manifest);
  });
});

describe('scopes at start', () => {
  it('are compared with what Slack granted', () => {
    expect(missingScopes(scopes)).toEqual([]);
    expect(missingScopes(scopes.filter((scope) => scope !== 'files:read'))).toEqual(['files:read']);
    expect(missingScopes([])).toEqual([]);
    expect(missingScopes([...scopes, ...optional])).toEqual([]);
    expect(missingScopes(scopes, { join: 'all' })).toEqual(['channels:join']);
    expect(missingScopes([...scopes, 'channels:join'], { join: 'new' })).toEqual([]);
    expect(missingScopes([], { join: 'new' })).toEqual([]);
  });
});
