import type { BlockAction, RespondFn } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Screen } from '../blocks/kit/elements.ts';
import { modalMessage } from '../blocks/modal-message.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { PERSON_PATIENCE_MS } from '../slack/api.ts';
import { tellInPrivate } from '../slack/in-private.ts';
import { problemFor } from '../slack/problem.ts';
import { respondFor } from '../slack/respond.ts';
import type { Vault } from '../vault/context.ts';
import type { Click } from './click.ts';

/** A trigger works for three seconds, so opening a modal cannot wait longer. */
const TRIGGER = { patienceMs: 2_500 };
/** An open modal may be filled later: it says "One moment". */
const FILLING = { patienceMs: PERSON_PATIENCE_MS };

/** Translates Slack's `block_actions` into a click. `answered` is called as soon as there is something to show. */
export function clickOf(
  vault: Vault,
  body: BlockAction,
  respond: RespondFn | undefined,
  answered: () => void = () => {},
): Click {
  const where = body.view === undefined ? 'message' : body.view.type === 'home' ? 'home' : 'modal';
  const alone = body.container?.is_ephemeral === true;

  async function show(screen: Screen): Promise<void> {
    answered();
    if (respond === undefined) {
      return openModal(vault, body.trigger_id, where, screenModal(screen)).then(
        () => {},
        // It is too late for a modal, and Slack gave no other way to answer. But there must be an answer.
        () => tellInPrivate(vault.slack, body.user.id, screen),
      );
    }
    await respondFor(respond, {
      response_type: 'ephemeral',
      replace_original: false,
      text: screen.text,
      blocks: screen.blocks,
    });
  }

  return {
    userId: body.user.id,
    channelId: body.channel?.id ?? null,
    value: carriedBy(body),
    blockId: body.actions[0]?.block_id ?? '',
    values: (body.state?.values ?? {}) as unknown as Click['values'],
    where,
    show,
    async replace(screen) {
      answered();
      if (where === 'modal' && body.view !== undefined)
        return updateModal(vault, body.view.id, screenModal(screen));
      if (respond === undefined || !alone) return show(screen);
      await respondFor(respond, { replace_original: true, text: screen.text, blocks: screen.blocks });
    },
    async open(build) {
      answered();
      const viewId = await openModal(vault, body.trigger_id, where, modalMessage({ kind: 'loading' }));
      await updateModal(vault, viewId, await orProblem(vault, build));
    },
  };
}

/** The value of a click: a button's value, or the choice or typed text. */
function carriedBy(body: BlockAction): string {
  const action = (body.actions[0] ?? {}) as {
    value?: string | null;
    selected_option?: { value?: string } | null;
    selected_user?: string | null;
    selected_conversation?: string | null;
  };
  return (
    action.value ??
    action.selected_option?.value ??
    action.selected_user ??
    action.selected_conversation ??
    ''
  );
}

export async function openModal(
  vault: Vault,
  trigger: string,
  from: Click['where'],
  view: ModalView,
): Promise<string> {
  const method = from === 'modal' ? 'views.push' : 'views.open';
  const answer = await vault.slack.call<{ view: { id: string } }>(
    method,
    { trigger_id: trigger, view },
    TRIGGER,
  );
  return answer.view.id;
}

/**
 * Fills a modal. It is not a failure if the person has closed it. Slack refuses a whole view when it cannot fetch a
 * picture in it: then the view is shown without pictures.
 */
export async function updateModal(vault: Vault, viewId: string, view: ModalView): Promise<void> {
  const pictures = view.blocks.some(({ type }) => type === 'image');
  try {
    await vault.slack.call('views.update', { view_id: viewId, view }, FILLING);
  } catch (error) {
    const { code } = error as { code?: string };
    if (pictures && (code === 'invalid_arguments' || code === 'invalid_blocks')) {
      const blocks = view.blocks.filter(({ type }) => type !== 'image');
      return updateModal(vault, viewId, { ...view, blocks });
    }
    if (code !== 'not_found') throw error;
  }
}

/** The view, or a modal that says in one sentence why it failed. */
export async function orProblem(vault: Vault, build: () => Promise<ModalView>): Promise<ModalView> {
  try {
    return await build();
  } catch (error) {
    const problem = problemFor(error);
    vault.log.warn({ code: problem.code, err: error }, 'a click failed');
    return modalMessage({ kind: 'error', ...problem });
  }
}
