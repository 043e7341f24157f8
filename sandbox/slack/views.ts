/** Modals and App Homes: who has which one open, at most three modals deep. */

import { validateView } from './blockkit/index.ts';
import { stateValues, withIds } from './blocks.ts';
import { ApiError } from './errors.ts';
import { newId, newWord, seconds } from './ids.ts';
import { contextTeam, orgOf } from './organisation.ts';
import type { View } from './page-api.ts';
import type { State } from './state.ts';
import type { Json, ViewRecord } from './types.ts';
import type { World } from './world.ts';

/** Slack takes views of up to 250 kB. */
const VIEW_BYTES = 250_000;

/** How many modals may be stacked. */
const STACK = 3;

export interface Views {
  get(id: string): ViewRecord | undefined;
  byExternalId(id: string): ViewRecord | undefined;
  /** The modals a person has open, the top one last. */
  stack(user: string): ViewRecord[];
  open(user: string, view: Json): ViewRecord;
  push(user: string, view: Json): ViewRecord;
  update(old: ViewRecord, view: Json): ViewRecord;
  publish(user: string, view: Json): ViewRecord;
  /** Takes the top modal away, or all with `clear`. */
  close(user: string, view: ViewRecord, clear?: boolean): void;
}

/** Checks a view; `invalid_arguments` with Slack's messages when something is wrong with it. */
export function checkedView(view: unknown, type: 'modal' | 'home'): Json {
  if (typeof view !== 'object' || view === null || Array.isArray(view))
    throw invalid(['[ERROR] must be an object']);
  const given = view as Json;
  if (given.type !== type) throw invalid([`[ERROR] ${type} expected [json-pointer:/view/type]`]);
  if (Buffer.byteLength(JSON.stringify(given)) > VIEW_BYTES) throw new ApiError('view_too_large');
  const problems = validateView(given);
  if (problems.length > 0) {
    throw invalid(
      problems.map((problem) => `[ERROR] ${problem.message} [json-pointer:/view${problem.pointer}]`),
    );
  }
  return given;
}

function invalid(messages: string[]): ApiError {
  return new ApiError('invalid_arguments', { response_metadata: { messages } });
}

/** The open views of all people. Modals are gone after a restart, App Homes stay. */
export function createViews(state: State, notify: World['notify']): Views {
  const stacks = new Map<string, ViewRecord[]>();

  const all = () => [...[...stacks.values()].flat(), ...state.homes.values()];
  const byExternalId = (id: string) =>
    id === '' ? undefined : all().find((view) => view.external_id === id);
  const record = (user: string, view: Json, fixed: Partial<ViewRecord>): ViewRecord => {
    const blocks = withIds(view.blocks);
    const id = fixed.id ?? newId('V');
    const owner = byExternalId(view.external_id ?? '');
    if (owner !== undefined && owner.id !== id) throw new ApiError('duplicate_external_id');
    return {
      id,
      type: view.type,
      callback_id: view.callback_id ?? '',
      ...(view.type === 'modal'
        ? { title: view.title, submit: view.submit ?? null, close: view.close ?? null }
        : {}),
      blocks,
      hash: `${seconds()}.${newWord(8)}`,
      notify_on_close: view.notify_on_close ?? false,
      clear_on_close: view.clear_on_close ?? false,
      private_metadata: view.private_metadata ?? '',
      external_id: view.external_id ?? '',
      user,
      root_view_id: fixed.root_view_id ?? id,
      previous_view_id: fixed.previous_view_id ?? null,
      state: { values: stateValues(blocks) },
    };
  };
  const show = (view: ViewRecord, how: 'open' | 'push' | 'update') =>
    notify({ type: 'view', view: pageView(view), how }, (user) => user === view.user);

  const views: Views = {
    get: (id) => all().find((view) => view.id === id),
    byExternalId,
    stack: (user) => stacks.get(user) ?? [],
    open(user, given) {
      const view = record(user, given, {});
      stacks.set(user, [view]);
      show(view, 'open');
      return view;
    },
    push(user, given) {
      const stack = views.stack(user);
      const top = stack.at(-1);
      if (top === undefined) throw new ApiError('not_found');
      if (stack.length >= STACK) throw new ApiError('push_limit_reached');
      const view = record(user, given, { root_view_id: top.root_view_id, previous_view_id: top.id });
      stacks.set(user, [...stack, view]);
      show(view, 'push');
      return view;
    },
    update(old, given) {
      const view = record(old.user, given, old);
      stacks.set(
        old.user,
        views.stack(old.user).map((other) => (other.id === view.id ? view : other)),
      );
      show(view, 'update');
      return view;
    },
    publish(user, given) {
      const view = record(user, given, state.homes.get(user) ?? {});
      state.homes.set(user, view);
      notify({ type: 'home', view: pageView(view) }, (other) => other === user);
      return view;
    },
    close(user, view, clear = false) {
      const stack = views.stack(user);
      const at = stack.findIndex((other) => other.id === view.id);
      if (at < 0) return;
      stacks.set(user, clear ? [] : stack.slice(0, at));
      notify(
        { type: 'view_closed', view_id: view.id, ...(clear ? { clear } : {}) },
        (other) => other === user,
      );
    },
  };
  return views;
}

/** The view as the API and interaction payloads show it. */
export function viewObject(world: World, view: ViewRecord): Json {
  const { teamId, appId, botId } = world.state.identity;
  const { user, ...rest } = view;
  // Installed for an organisation, that is the organisation (docs.slack.dev/reference/interaction-payloads).
  const installed = orgOf(world)?.id ?? teamId;
  const team = contextTeam(world, { user });
  return { ...rest, team_id: team, app_id: appId, app_installed_team_id: installed, bot_id: botId };
}

/** The view as the sandbox's page shows it. */
export function pageView(view: ViewRecord): View {
  const { id, type, callback_id, title, submit, close, blocks, hash, notify_on_close } = view;
  const words = type === 'modal' ? { title, submit, close } : {};
  return { id, type, callback_id, ...words, blocks, hash, notify_on_close };
}
