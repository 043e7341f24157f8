/** What people do with whole modals: submit them, close them. */
import { isFilled, stateValues } from './blocks.ts';
import { ApiError, PageError } from './errors.ts';
import { ask, handFilesOver, openView } from './interactions.ts';
import type { SubmitResult } from './page-api.ts';
import type { Json, ViewRecord } from './types.ts';
import { checkedView, viewObject } from './views.ts';
import type { World } from './world.ts';

/** Sends a modal's inputs to the app and applies the app's answer to the modal. Throws `PageError`. */
export async function submit(
  world: World,
  user: string,
  viewId: string,
  given: Record<string, Record<string, unknown>>,
): Promise<SubmitResult> {
  const view = openView(world, user, viewId);
  const values = stateValues(view.blocks, given);
  const missing = missingInputs(view, values);
  if (Object.keys(missing).length > 0) return { errors: missing };
  handFilesOver(world, user, values);
  view.state = { values };
  const answer = (await ask(world, user, {
    type: 'view_submission',
    trigger_id: world.triggers.issue({ user, viewId }),
    view: viewObject(world, view),
    response_urls: [],
  })) as Json | undefined;
  return applyResponseAction(world, user, view, answer);
}

/** A person closes a modal; the app hears of it if it wanted to. Throws `PageError`. */
export async function closeView(world: World, user: string, viewId: string): Promise<void> {
  const view = openView(world, user, viewId);
  const all = view.clear_on_close;
  world.views.close(user, view, all);
  if (!view.notify_on_close) return;
  await ask(world, user, {
    type: 'view_closed',
    view: viewObject(world, view),
    is_cleared: all,
  });
}

function missingInputs(
  view: ViewRecord,
  values: Record<string, Record<string, Json>>,
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of view.blocks) {
    if (block.type !== 'input' || block.optional) continue;
    if (!isFilled(values[block.block_id]?.[block.element.action_id])) {
      errors[block.block_id] = 'Please complete this required field.';
    }
  }
  return errors;
}

function applyResponseAction(
  world: World,
  user: string,
  view: ViewRecord,
  answer: Json | undefined,
): SubmitResult {
  const action = answer?.response_action;
  try {
    if (action === 'errors') {
      const errors = answer?.errors ?? {};
      const inputs = new Set(
        view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id),
      );
      const known = Object.keys(errors).length > 0 && Object.keys(errors).every((id) => inputs.has(id));
      if (!known) throw new PageError(502, 'The errors name no input of this modal');
      return { errors };
    }
    if (action === 'update') world.views.update(view, checkedView(answer?.view, 'modal'));
    else if (action === 'push') world.views.push(user, checkedView(answer?.view, 'modal'));
    else if (action === undefined || action === 'clear') world.views.close(user, view, action === 'clear');
    else throw new PageError(502, `Unknown response_action: ${action}`);
    return {};
  } catch (error) {
    if (error instanceof ApiError)
      throw new PageError(
        502,
        `The answer is not valid: ${error.code} ${error.extra.response_metadata?.messages ?? ''}`.trim(),
      );
    throw error;
  }
}
