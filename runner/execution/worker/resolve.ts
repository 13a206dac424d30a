// Campaign folders may lie anywhere: there, `charter-runner` and `vitest` are the ones of this installation.
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = pathToFileURL(`${resolve(import.meta.dirname, '..', '..', '..')}/`).href;
const ours = /^(charter-runner|vitest)(\/|$)/;
/** By which vitest would import a file anew. */
const marker = /%3Fvitest=\d+$/;

export function resolveFromHere(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const elsewhere = context.parentURL !== undefined && !context.parentURL.startsWith(root);
      return next(
        specifier.replace(marker, ''),
        elsewhere && ours.test(specifier) ? { ...context, parentURL: `${root}package.json` } : context,
      );
    },
  });
}
