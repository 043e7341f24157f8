/** The sandbox's Slack: one HTTP server on loopback with everything that an app and a page need of Slack. */
import type { AddressInfo } from 'node:net';
import { type CallLog, createApi } from './api/index.ts';
import { createAudience } from './audience.ts';
import { archiveChannel, changeChannelId, makePrivate, renameChannel } from './channels.ts';
import { clientFor, type PersonClient } from './client.ts';
import { type Carrier, createDispatcher, type Delivery } from './deliver.ts';
import { ACK_MS, askByHttp, deliverByHttp } from './deliver-http.ts';
import { createSockets } from './deliver-socket.ts';
import { createFaults, type FaultBox, type SlackFaults } from './faults.ts';
import { serveFile, takeUpload } from './file-host.ts';
import { sendText } from './http.ts';
import { addTranscode, transcribe } from './kinds/clip.ts';
import { type AppPost, postAsApp } from './kinds/forward.ts';
import { holdHuddle } from './kinds/huddle.ts';
import { type NewMail, receiveMail } from './kinds/mail.ts';
import { createLimits } from './limits.ts';
import { setAccess } from './organisation.ts';
import { answerPage } from './page.ts';
import { createPresence } from './presence.ts';
import { answerResponseUrl } from './response-url.ts';
import { createRouter, pathOf, type Route } from './router.ts';
import { DEFAULT_APP, DEFAULT_SEED } from './seed.ts';
import { withSignIn } from './sign-in.ts';
import { gridOf, openState } from './state.ts';
import { createTriggers, TRIGGER_MS } from './triggers.ts';
import type { AppSettings, FileRecord, Grid, Json, Seed } from './types.ts';
import { createViews } from './views.ts';
import { personOf } from './workspace.ts';
import type { World } from './world.ts';

export { createFaults } from './faults.ts';
export { DEFAULT_APP, DEFAULT_SEED, ORG_SEED } from './seed.ts';

export interface SlackOptions {
  /** Where the workspace is kept; the same folder gives the same workspace again. */
  dir: string;
  port?: number;
  host?: string;
  /** The address that it names to others, where something in front of it speaks TLS: `https://localhost:8443`. */
  publicUrl?: string;
  /** The people and channels at the first start. */
  seed?: Seed;
  /** The installed app; an app with every scope and event by default. */
  app?: AppSettings;
  /** From `createFaults()`, to have faults from the first request on. */
  faults?: FaultBox;
  /** Rate limits as Slack has them (default), or none. */
  limits?: 'slack' | 'off';
  /** Waits before the second, third and fourth attempt at an event. */
  retryDelaysMs?: number[];
  /** How long an app may take to acknowledge; Slack gives three seconds. */
  ackMs?: number;
  /** How long a trigger id lives; Slack gives three seconds. */
  triggerMs?: number;
  /** Events in an hour before `app_rate_limited`; Slack stops at 30,000. */
  eventsPerHour?: number;
  /** For how long `files.info` does not know a new file; 0 by default. */
  readyMs?: number;
  /** `fetch`: pictures on this machine must be there, as Slack wants it. `trust` (default): only faults refuse. */
  pictures?: 'fetch' | 'trust';
  log?: (line: string) => void;
}

export interface SandboxSlack {
  /** Where the workspace is kept. */
  dir: string;
  url: string;
  apiUrl: string;
  port: number;
  /** Ids as they are now. */
  readonly workspace: {
    teamId: string;
    teamName: string;
    appId: string;
    botId: string;
    botUserId: string;
    /** The organisation, if one installed the app; `workspaces` are ids by name. */
    organisation: { id: string; workspaces: Record<string, string> } | null;
    /** Ids by name. */
    people: Record<string, string>;
    channels: Record<string, string>;
    /** The direct conversation of each person with the bot. */
    dms: Record<string, string>;
  };
  app: AppSettings;
  faults: SlackFaults;
  calls: CallLog;
  deliveries: {
    readonly list: readonly Delivery[];
    /** Waits until every event is acknowledged or given up. */
    settled(): Promise<void>;
  };
  as(person: string): PersonClient;
  /** Brings an e-mail into a channel. */
  mail(channel: string, mail: NewMail): { ts: string; fileId: string };
  /** Holds a huddle; returns its message, the notes and the transcript. */
  huddle(channel: string, options?: { html?: string }): { ts: string; notes: string; transcript: string };
  /** Posts as another app; returns the message's `ts`. */
  otherApp(channel: string, post: AppPost): string;
  /** Sends an event of a channel as it was recorded elsewhere; nothing is kept of it. */
  event(channel: string, event: Json): void;
  /** Ends the transcription of a clip. */
  transcribe(fileId: string, text: string): void;
  /** Gives an uploaded MP3 or MP4 its transcode. */
  transcode(fileId: string, bytes: Uint8Array): void;
  /** Describes a person as Enterprise Grid would; in a list of teams, `ours` is this workspace. */
  grid(person: string, grid: Grid): void;
  /** Adds the app to a workspace of its organisation, or takes it out, and tells it so. */
  access(workspace: string, granted: boolean): void;
  /** Serves everything under a path with another handler: the page, the bucket's panel. */
  addRoute(prefix: string, handler: Route): void;
  setRequestUrl(url: string | undefined): void;
  /** Asks all sockets to reconnect, as Slack does every few hours. */
  refreshSockets(reason?: 'warning' | 'refresh_requested' | 'link_disabled', graceMs?: number): void;
  /** Cuts all sockets without warning. */
  cutSockets(): void;
  sendRateLimited(): void;
  renameChannel(channel: string, name: string): void;
  archiveChannel(channel: string, archived?: boolean): void;
  /** Makes a public channel private, and tells the app if it is in it, unless `untold`. */
  makePrivate(channel: string, options?: { untold?: boolean }): void;
  /** Gives a channel another id and tells the app (`channel_id_changed`); returns the new id. */
  changeChannelId(channel: string): string;
  close(): Promise<void>;
}

/** Starts the sandbox's Slack. It listens on loopback only. */
export async function startSlack(options: SlackOptions): Promise<SandboxSlack> {
  const host = options.host ?? '127.0.0.1';
  if (!['127.0.0.1', 'localhost', '::1'].includes(host)) {
    throw new Error(`The sandbox listens on loopback only, not on ${host}`);
  }
  const app: AppSettings = { ...(options.app ?? DEFAULT_APP) };
  const botName = app.manifest.features?.bot_user?.display_name ?? 'vault';
  const state = openState(options.dir, options.seed ?? DEFAULT_SEED, botName);
  const audience = createAudience();
  const ackMs = options.ackMs ?? ACK_MS;
  const faults = options.faults ?? createFaults();
  const presence = createPresence((event) => audience.notify(event, () => true));
  const sockets = createSockets({
    appId: state.identity.appId,
    ackMs,
    onChange: (count) => presence.set(count > 0),
  });
  const byHttp = () => app.requestUrl !== undefined;
  const world: World = {
    state,
    app,
    baseUrl: '',
    readyMs: options.readyMs ?? 0,
    fetchesPictures: options.pictures === 'fetch',
    faults,
    limits: createLimits(options.limits ?? 'slack'),
    triggers: createTriggers(options.triggerMs ?? TRIGGER_MS),
    views: createViews(state, audience.notify),
    uploads: new Map(),
    sockets,
    presence,
    emit: (event, scope) => dispatcher.emit(event, scope),
    notify: audience.notify,
    async ask(kind, payload) {
      if (faults.down) return { ok: false, reason: 'dispatch_failed' };
      if (!byHttp()) return sockets.ask(kind, payload);
      const ack = await askByHttp(world, kind, payload, ackMs);
      presence.set(ack.ok || ack.reason !== 'dispatch_failed');
      return ack;
    },
    log: options.log ?? (() => {}),
  };
  const carry: Carrier = async (body, retry) => {
    if (!byHttp()) return sockets.deliver(body, retry);
    const result = await deliverByHttp(world, body, retry, ackMs);
    presence.set(result.ok || result.reason !== 'connection_failed');
    return result;
  };
  const dispatcher = createDispatcher(world, carry, options);
  const api = createApi(world);
  const router = createRouter(world);
  router.add('/api/', (request, response) => {
    return api.handle(pathOf(request).slice('/api/'.length), request, response);
  });
  // Permalinks lead to the page, which shows the channels.
  for (const links of ['/archives/', '/files/', '/docs/', '/lists/']) {
    router.add(links, (_request, response) => void response.writeHead(302, { location: '/' }).end());
  }
  for (const host of ['/files-pri/', '/files-tmb/', '/files-email-priv/']) {
    router.add(host, (request, response) => serveFile(world, request, response));
  }
  router.add('/', withSignIn());
  router.add('/response/', (request, response) => answerResponseUrl(world, request, response));
  router.add('/sandbox/', (request, response) => answerPage(world, audience, request, response));
  router.add('/upload/v1/', (request, response) => {
    const announced = world.uploads.get(pathOf(request).slice('/upload/v1/'.length));
    if (announced === undefined) return sendText(response, 404, 'not_found');
    return takeUpload(world, announced, request, response);
  });
  const { server } = router;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  world.baseUrl = options.publicUrl ?? `http://${host === '::1' ? '[::1]' : host}:${port}`;
  dispatcher.resume();

  const channelNamed = (name: string) => {
    const channel = [...state.channels.values()].find((one) => one.name === name || one.id === name);
    if (channel === undefined) throw new Error(`There is no channel called ${name}`);
    return channel;
  };
  return {
    dir: options.dir,
    url: world.baseUrl,
    apiUrl: `${world.baseUrl}/api/`,
    port,
    get workspace() {
      return workspaceIds(world);
    },
    app,
    faults,
    calls: api.calls,
    deliveries: { list: dispatcher.list, settled: dispatcher.settled },
    as: (person) => clientFor(world, audience, person),
    mail: (channel, mail) => receiveMail(world, channelNamed(channel), mail),
    huddle: (channel, options) => holdHuddle(world, channelNamed(channel), options),
    otherApp: (channel, post) => postAsApp(world, channelNamed(channel).id, post),
    event: (channel, event) => world.emit(event, { channel: channelNamed(channel) }),
    transcribe: (fileId, text) => transcribe(world, fileOf(world, fileId), text),
    transcode: (fileId, bytes) => addTranscode(world, fileOf(world, fileId), bytes),
    grid(who, grid) {
      const record = personOf(world, who);
      state.people.set(record.id, { ...record, grid: gridOf(grid, state.identity.teamId) });
    },
    access: (workspace, granted) => setAccess(world, workspace, granted),
    addRoute: (prefix, route) => router.add(prefix, prefix === '/' ? withSignIn(route) : route),
    setRequestUrl(url) {
      if (url === undefined) delete app.requestUrl;
      else app.requestUrl = url;
      presence.set(url !== undefined || sockets.count > 0);
    },
    refreshSockets: sockets.refresh,
    cutSockets: sockets.cut,
    sendRateLimited: dispatcher.sendRateLimited,
    makePrivate: (channel, told) => makePrivate(world, channelNamed(channel), told),
    renameChannel: (channel, name) => renameChannel(world, channelNamed(channel), name),
    archiveChannel: (channel, archived = true) => {
      const found = channelNamed(channel);
      archiveChannel(world, found, archived, found.creator);
    },
    changeChannelId: (channel) => changeChannelId(world, channelNamed(channel)),
    async close() {
      if (!server.listening) return;
      dispatcher.close();
      audience.close();
      await sockets.close();
      await router.close();
      state.close();
    },
  };
}

function fileOf(world: World, id: string): FileRecord {
  const file = world.state.files.get(id);
  if (file === undefined) throw new Error(`There is no file ${id}`);
  return file;
}

function workspaceIds(world: World): SandboxSlack['workspace'] {
  const { identity, people, channels } = world.state;
  const { teamId, teamName, appId, botId, botUserId, organisation } = identity;
  const persons = [...people.values()];
  const ims = [...channels.values()].filter((one) => one.kind === 'im');
  const named = [...channels.values()].filter((one) => one.kind !== 'im');
  return {
    ...{ teamId, teamName, appId, botId, botUserId },
    organisation: organisation
      ? {
          id: organisation.id,
          workspaces: Object.fromEntries(organisation.workspaces.map(({ name, id }) => [name, id])),
        }
      : null,
    people: Object.fromEntries(persons.map((one) => [one.name, one.id])),
    channels: Object.fromEntries(named.map((one) => [one.name, one.id])),
    dms: Object.fromEntries(
      persons.flatMap((one) => {
        const im = ims.find((channel) => channel.members.includes(one.id) && !one.is_bot);
        return im === undefined ? [] : [[one.name, im.id]];
      }),
    ),
  };
}
