import type { BlockAction, RespondFn } from '@slack/bolt';
import type { Screen } from '../blocks/kit/elements.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { openAndFill, openModal, orProblem, updateModal } from '../edge/modal.ts';
import { errorCode } from '../errors.ts';
import { tellInPrivate } from '../slack/in-private.ts';
import { respondFor } from '../slack/respond.ts';
import type { Vault } from '../vault/context.ts';
import type { Click } from './click.ts';

/** Translates Slack's `block_actions` into a click. `answered` is called as soon as there is something to show. */
export function clickOf(
  vault: Vault,
  body: BlockAction,
  respond: RespondFn | undefined,
  answered: () => void = () => {},
): Click {
  const where = body.view === undefined ? 'message' : body.view.type === 'home' ? 'home' : 'modal';
  // Nobody but this person reads a direct message with the bot, so its messages are replaced, too.
  const isDirect = where === 'message' && body.channel?.id.startsWith('D') === true;
  const alone = body.container?.is_ephemeral === true || isDirect;

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
    viewId: where === 'modal' ? (body.view?.id ?? null) : null,
    metadata: where === 'modal' ? (body.view?.private_metadata ?? '') : '',
    mayReplace: where === 'modal' || (respond !== undefined && alone),
    show,
    async replace(screen) {
      answered();
      if (where === 'modal' && body.view !== undefined)
        return updateModal(vault, body.view.id, screenModal(screen));
      if (respond === undefined || !alone) return show(screen);
      await respondFor(respond, { replace_original: true, text: screen.text, blocks: screen.blocks });
    },
    async redraw(build) {
      answered();
      if (where === 'modal' && body.view !== undefined)
        await updateModal(vault, body.view.id, await orProblem(vault, build));
      else await openAndFill(vault, body.trigger_id, where, build);
    },
    async open(build) {
      answered();
      try {
        await openAndFill(vault, body.trigger_id, where, build);
      } catch (error) {
        const under = body.view?.id;
        if (errorCode(error) !== 'push_limit_reached' || under === undefined) throw error;
        // Slack stacks three windows (docs.slack.dev/reference/methods/views.push): the one clicked in makes room.
        await updateModal(vault, under, await orProblem(vault, () => build(under)));
      }
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
