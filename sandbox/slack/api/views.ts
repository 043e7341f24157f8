import { person } from '../access.ts';
import { ApiError } from '../errors.ts';
import type { Json, ViewRecord } from '../types.ts';
import { checkedView, viewObject } from '../views.ts';
import type { World } from '../world.ts';
import type { Call, Family } from './call.ts';

/** Modals and the App Home. */
export const views: Family = {
  'views.open': {
    tier: 4,
    run(call) {
      const { world } = call;
      const view = modalOf(call);
      const trigger = world.triggers.take(call.args.need('trigger_id'));
      return { view: viewObject(world, world.views.open(trigger.user, view)) };
    },
  },
  'views.push': {
    tier: 4,
    run(call) {
      const { world } = call;
      const view = modalOf(call);
      const trigger = world.triggers.take(call.args.need('trigger_id'));
      // Only an action inside a modal may put another modal on top of it.
      if (trigger.viewId === undefined) throw new ApiError('invalid_trigger_id');
      return { view: viewObject(world, world.views.push(trigger.user, view)) };
    },
  },
  'views.update': {
    tier: 4,
    run(call) {
      const { world, args } = call;
      const old = known(world, args.str('view_id'), args.str('external_id'));
      checkHash(old, args.str('hash'));
      return { view: viewObject(world, world.views.update(old, modalOf(call))) };
    },
  },
  'views.publish': {
    tier: 4,
    run({ world, args }) {
      const user = person(world, args.need('user_id')).id;
      if (world.app.manifest.features?.app_home?.home_tab_enabled !== true) throw new ApiError('not_enabled');
      checkHash(world.state.homes.get(user), args.str('hash'));
      return { view: viewObject(world, world.views.publish(user, checkedView(args.json('view'), 'home'))) };
    },
  },
};

function modalOf({ args }: Call): Json {
  return checkedView(args.json('view'), 'modal');
}

function known(world: World, id: string | undefined, externalId: string | undefined): ViewRecord {
  const view = id === undefined ? world.views.byExternalId(externalId ?? '') : world.views.get(id);
  if (view === undefined || view.type !== 'modal') throw new ApiError('not_found');
  return view;
}

function checkHash(view: ViewRecord | undefined, hash: string | undefined): void {
  if (hash !== undefined && view !== undefined && view.hash !== hash) throw new ApiError('hash_conflict');
}
