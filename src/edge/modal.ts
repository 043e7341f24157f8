import type { AnyBlock, ModalView, SectionBlock } from '@slack/types';
import { modalMessage } from '../blocks/modal-message.ts';
import { PERSON_PATIENCE_MS } from '../slack/api.ts';
import { problemFor } from '../slack/problem.ts';
import type { Vault } from '../vault/context.ts';

/** A trigger works for three seconds, so opening a modal cannot wait longer. */
const TRIGGER = { patienceMs: 2_500 };
/** An open modal may be filled later: it says "One moment". */
const FILLING = { patienceMs: PERSON_PATIENCE_MS };

export async function openModal(
  vault: Vault,
  trigger: string,
  from: 'message' | 'modal' | 'home',
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
  const pictures = view.blocks.some(isPicture) || view.blocks.some(hasPicture);
  try {
    await vault.slack.call('views.update', { view_id: viewId, view }, FILLING);
  } catch (error) {
    const { code } = error as { code?: string };
    if (pictures && (code === 'invalid_arguments' || code === 'invalid_blocks')) {
      const blocks = view.blocks.filter((block) => !isPicture(block)).map(withoutPicture);
      return updateModal(vault, viewId, { ...view, blocks });
    }
    if (code !== 'not_found') throw error;
  }
}

const isPicture = ({ type }: AnyBlock) => type === 'image';
const hasPicture = (block: AnyBlock) =>
  block.type === 'section' && 'accessory' in block && block.accessory?.type === 'image';

function withoutPicture(block: AnyBlock): AnyBlock {
  if (!hasPicture(block)) return block;
  const { accessory: _, ...rest } = block as SectionBlock;
  return rest;
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

/** Opens a modal at once that says to wait, and fills it with the result of `build`. */
export async function openAndFill(
  vault: Vault,
  trigger: string,
  from: 'message' | 'modal' | 'home',
  build: (viewId: string) => Promise<ModalView>,
): Promise<void> {
  const viewId = await openModal(vault, trigger, from, modalMessage({ kind: 'loading' }));
  await updateModal(vault, viewId, await orProblem(vault, () => build(viewId)));
}
