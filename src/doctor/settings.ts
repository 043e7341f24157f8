import { check } from './check.ts';

/** Every setting that cannot work, one line each. The sentences are those of the start. */
export const settings = check('settings', {}, ({ problems }, say) =>
  problems.length === 0
    ? say.ok('All settings can be read.')
    : problems.map(({ variable, message }) => ({
        ...say.fail('wrong', message),
        id: `settings.${variable}`,
      })),
);
