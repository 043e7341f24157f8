import type { Sockets } from './deliver-socket.ts';
import type { EventScope } from './events.ts';
import type { FaultBox } from './faults.ts';
import type { Announced } from './file-host.ts';
import type { Limits } from './limits.ts';
import type { PageEvent } from './page-api.ts';
import type { Presence } from './presence.ts';
import type { State } from './state.ts';
import type { Triggers } from './triggers.ts';
import type { AppSettings, Json } from './types.ts';
import type { Views } from './views.ts';

/** How the app took a command, an interaction or an options request. */
export type Ack =
  | { ok: true; payload: unknown }
  /** `operation_timeout`, `dispatch_failed`, `http_client_error` or `http_service_error`, as Slack names them. */
  | { ok: false; reason: string };

/** What every part of the sandbox's Slack works with. */
export interface World {
  state: State;
  app: AppSettings;
  /** `http://127.0.0.1:port`, without a slash at the end. */
  baseUrl: string;
  /** For how many milliseconds after its upload `files.info` does not know a file. */
  readyMs: number;
  /** Whether pictures on this machine are fetched before a message that shows them is taken. */
  fetchesPictures: boolean;
  faults: FaultBox;
  limits: Limits;
  triggers: Triggers;
  views: Views;
  sockets: Sockets;
  presence: Presence;
  /** Uploads that the app has announced, by the ticket in their URL. */
  uploads: Map<string, Announced>;
  /** Tells the app, if it may know. The argument is what Slack puts under `event` in the envelope. */
  emit(event: Json, scope: EventScope): void;
  /** Tells the pages of those people whom `sees` accepts. */
  notify(event: PageEvent, sees: (userId: string) => boolean): void;
  /** Hands a command or an interaction to the app and waits for its acknowledgement. */
  ask(kind: 'interactive' | 'slash_commands', payload: Json): Promise<Ack>;
  /** Counts Web API calls and the like; keeps no token. */
  log(line: string): void;
}
