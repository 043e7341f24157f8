/** Clicks, menus, submissions and shortcuts: what a person did becomes a payload for the app. */
import { seesChannel } from './access.ts';
import { validateOptions } from './blockkit/index.ts';
import { type Found, findElement, stateValues } from './blocks.ts';
import { failed } from './commands.ts';
import { PageError } from './errors.ts';
import { VERIFICATION_TOKEN } from './events.ts';
import { fileObject } from './file-object.ts';
import { contextTeam, domainOf, enterpriseOf } from './organisation.ts';
import type { ActionRequest, OptionsRequest } from './page-api.ts';
import { visibleFile } from './people.ts';
import { messageObject } from './render.ts';
import { issueResponseUrl, sourceOf } from './response-url.ts';
import type { Json, MessageRecord, ViewRecord } from './types.ts';
import { viewObject } from './views.ts';
import type { World } from './world.ts';

type Place = { message: MessageRecord } | { view: ViewRecord };

/** A click on a button, a choice in a menu, a date picked. Throws `PageError`. */
export async function act(world: World, request: ActionRequest): Promise<void> {
  const place = placeOf(world, request.user, request.container);
  const found = elementAt(place, request.block_id, request.action_id);
  if (found.block.type === 'input' && !found.block.dispatch_action) {
    throw new PageError(400, 'This input does not dispatch actions');
  }
  const blocks = 'view' in place ? place.view.blocks : (place.message.blocks ?? []);
  const values = stateValues(blocks, request.state);
  handFilesOver(world, request.user, values);
  if ('view' in place) place.view.state = { values };
  await ask(world, request.user, {
    type: 'block_actions',
    ...context(world, place),
    state: { values },
    ...('message' in place
      ? { response_url: issueResponseUrl(world, request.user, place.message.channel, place.message.ts) }
      : {}),
    trigger_id: world.triggers.issue({
      user: request.user,
      ...('view' in place ? { viewId: place.view.id } : {}),
    }),
    actions: [actionObject(world, found, request.payload)],
  });
}

/** The options of a menu that asks the app, for the letters typed so far. Throws `PageError`. */
export async function suggest(world: World, request: OptionsRequest): Promise<Json> {
  const place = placeOf(world, request.user, request.container);
  const found = elementAt(place, request.block_id, request.action_id);
  if (!/external_select$/.test(found.element.type))
    throw new PageError(400, 'This element asks for no options');
  const answer = (await ask(world, request.user, {
    type: 'block_suggestion',
    ...context(world, place),
    action_id: request.action_id,
    block_id: found.block.block_id,
    value: request.value,
  })) as Json | undefined;
  const problems = validateOptions(answer ?? {});
  if (problems.length > 0) throw new PageError(502, `The options are not valid: ${problems[0]?.message}`);
  return answer ?? {};
}

/** A file input carries whole file objects, and its files become visible to the app. */
export function handFilesOver(
  world: World,
  user: string,
  values: Record<string, Record<string, Json>>,
): void {
  for (const value of Object.values(values).flatMap((block) => Object.values(block))) {
    if (value.type !== 'file_input') continue;
    const given: Json[] = Array.isArray(value.files) ? value.files : [];
    value.files = given.map(({ id }) => {
      const file = visibleFile(world, user, id);
      world.state.files.set(file.id, Object.assign(file, { given: true }));
      return fileObject(world, file);
    });
  }
}

/** A shortcut from the menu, or one on a message. Throws `PageError`. */
export async function shortcut(
  world: World,
  user: string,
  request: { callback_id: string; channel?: string; ts?: string },
): Promise<void> {
  const known = world.app.manifest.features?.shortcuts?.find(
    (one) => one.callback_id === request.callback_id,
  );
  if (known === undefined) throw new PageError(404, 'There is no such shortcut');
  const common = {
    callback_id: known.callback_id,
    trigger_id: world.triggers.issue({ user }),
    action_ts: world.state.nextTs(),
  };
  if (known.type === 'global') {
    await ask(world, user, { type: 'shortcut', ...common });
    return;
  }
  const { channel = '', ts = '' } = request;
  const message = sourceOf(world, channel, ts);
  if (message === undefined || !seesChannel(world, user, channel))
    throw new PageError(404, 'message_not_found');
  await ask(world, user, {
    type: 'message_action',
    ...common,
    message_ts: ts,
    channel: channelObject(world, channel),
    message: messageObject(world, message),
    response_url: issueResponseUrl(world, user, channel, ts),
  });
}

/** Sends an interaction to the app, with what all of them carry. Throws `PageError`. */
export async function ask(world: World, user: string, payload: Json): Promise<unknown> {
  if (world.app.manifest.settings?.interactivity?.is_enabled !== true) {
    throw new PageError(502, 'This app is not configured to handle interactive responses');
  }
  const { appId } = world.state.identity;
  const teamId = contextTeam(world, { user });
  const enterprise = enterpriseOf(world);
  const person = world.state.people.get(user);
  const ack = await world.ask('interactive', {
    ...payload,
    user: { id: user, username: person?.name, name: person?.name, team_id: teamId },
    team: { id: teamId, domain: domainOf(world, teamId) },
    enterprise,
    is_enterprise_install: enterprise !== null,
    api_app_id: appId,
    token: VERIFICATION_TOKEN,
  });
  if (!ack.ok) throw failed(ack.reason);
  return ack.payload;
}

/** A view that this person has open. Throws `PageError` 404. */
export function openView(world: World, user: string, viewId: string): ViewRecord {
  const view = world.views.get(viewId);
  if (view === undefined || view.user !== user) throw new PageError(404, 'There is no such view');
  return view;
}

function placeOf(world: World, user: string, container: ActionRequest['container']): Place {
  if (container.type === 'view') return { view: openView(world, user, container.view_id) };
  const message = sourceOf(world, container.channel, container.ts);
  const hidden = message?.ephemeralTo !== undefined && message.ephemeralTo !== user;
  if (message === undefined || hidden || !seesChannel(world, user, container.channel)) {
    throw new PageError(404, 'message_not_found');
  }
  return { message };
}

function elementAt(place: Place, blockId: string | undefined, actionId: string): Found {
  const blocks = 'view' in place ? place.view.blocks : (place.message.blocks ?? []);
  const found = findElement(blocks, blockId, actionId);
  if (found === undefined) throw new PageError(404, 'There is no such element here');
  return found;
}

function context(world: World, place: Place): Json {
  if ('view' in place) {
    return { container: { type: 'view', view_id: place.view.id }, view: viewObject(world, place.view) };
  }
  const { message } = place;
  const ephemeral = message.ephemeralTo !== undefined;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: ephemeral,
      ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
    },
    channel: channelObject(world, message.channel),
    // Slack sends no `message` for ephemeral ones: it does not keep them.
    ...(ephemeral ? {} : { message: messageObject(world, message, { metadata: true }) }),
  };
}

function channelObject(world: World, id: string): Json {
  const channel = world.state.channels.get(id);
  const name =
    channel?.kind === 'im' ? 'directmessage' : channel?.kind === 'private' ? 'privategroup' : channel?.name;
  return { id, name };
}

/** What the app learns about the element: its value and text come from the block, the choice from the page. */
function actionObject(world: World, { block, element }: Found, payload: Record<string, unknown>): Json {
  const action: Json = {
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    action_ts: world.state.nextTs(),
  };
  if (element.type === 'button') {
    for (const field of ['text', 'value', 'style', 'url']) {
      if (element[field] !== undefined) action[field] = element[field];
    }
    return action;
  }
  const choice = payload.selected_option as Json | undefined;
  const offered: Json[] | undefined =
    element.options ?? element.option_groups?.flatMap((group: Json) => group.options);
  if (choice && offered !== undefined) {
    const real = offered.find((option) => option.value === choice.value);
    if (real === undefined) throw new PageError(400, 'There is no such option');
    return { ...action, selected_option: real };
  }
  return { ...payload, ...action };
}
